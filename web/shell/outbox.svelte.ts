/** Whether the outbox sheet is open: one sheet for the whole app, opened from any strip. */
export const outboxSheet = $state({ open: false })

export function openOutbox(): void {
  outboxSheet.open = true
}
