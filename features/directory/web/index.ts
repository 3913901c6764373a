/** What other rooms' screens may use of these. */
export { recoveryReminder } from './reminder.svelte.ts'
