import { fromBase64url } from '../core/bytes.ts'
import type { Device } from './device.ts'
import type { DeviceView } from './views.ts'

/** The live devices of this person. Throws `Refusal('offline')` where his own chain was never fetched here, and cannot be. */
export async function devicesOf(device: Device): Promise<DeviceView[]> {
  const { proven, person, keys } = device
  await proven.need([person])
  const { directory } = proven
  const live = (directory.person(person)?.devices ?? []).filter((id) => directory.isLive(id))
  return Promise.all(
    live.map(async (id): Promise<DeviceView> => {
      const { label, added } = directory.device(id)!
      const view: DeviceView = { id, label, added: await proven.timeOf(added), thisOne: id === keys.id }
      if (label === 'recovery') view.recovery = true
      return view
    }),
  )
}

/** Closes a device of this person; the others seal anew where it could read. */
export async function revoke(own: Device, device: string): Promise<void> {
  const { acts, transport, proven, person, upkeep } = own
  const fields = new Map().set(1, fromBase64url(person)).set(2, fromBase64url(device))
  await transport.place(await acts.actAs('device-revoke', fields))
  if (device === own.keys.id) return
  await proven.refresh([person])
  await upkeep.run()
  own.changed.call()
}
