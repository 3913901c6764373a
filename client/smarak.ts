/** The door of the client: what screens, the command line and simulated officials open a device by. */
export { SmarakClient } from './client.ts'
export { type DoorNeeds, openDoor } from './door.ts'
