import type { Router } from './router.svelte.ts'
import { outwards, type Place } from './routes.ts'

const rooms: Record<string, Place> = {
  Digit1: { at: 'today', letter: null },
  Digit2: { at: 'directives', letter: null },
  Digit3: { at: 'more', page: null },
}

/**
 * Alt+1…3 rooms, F6 panes, ↑ ↓ rows, Esc outwards. By `event.code`, as a Bangla layout changes `key`; nothing happens
 * while a word is being composed, and Esc in a field or a sheet is left to them.
 */
export function listenToKeys(router: Router): () => void {
  function pressed(event: KeyboardEvent): void {
    if (event.isComposing || event.defaultPrevented) return
    if (document.querySelector('dialog[open]')) return
    const room = event.altKey && !event.ctrlKey ? rooms[event.code] : undefined
    if (room) {
      event.preventDefault()
      router.go(room)
    } else if (event.code === 'F6') {
      event.preventDefault()
      nextPane(event.shiftKey ? -1 : 1)
    } else if (event.code === 'Escape' && !isTyping(event.target)) {
      if (outwards(router.place)) router.back()
    } else if ((event.code === 'ArrowDown' || event.code === 'ArrowUp') && !isTyping(event.target)) {
      if (nextRow(event.target, event.code === 'ArrowDown' ? 1 : -1)) event.preventDefault()
    }
  }
  addEventListener('keydown', pressed)
  return () => removeEventListener('keydown', pressed)
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches('input, textarea, select, [contenteditable]')
}

function nextPane(step: number): void {
  const panes = [...document.querySelectorAll<HTMLElement>('[data-pane]')].filter(
    (pane) => !pane.closest('[inert]') && pane.offsetParent !== null,
  )
  if (panes.length === 0) return
  const here = panes.findIndex((pane) => pane.contains(document.activeElement))
  const pane = panes[(here + step + panes.length) % panes.length]!
  const target =
    pane.querySelector<HTMLElement>('[aria-current="page"], [data-title]') ?? pane.querySelector('a, button')
  target?.focus()
}

function nextRow(from: EventTarget | null, step: number): boolean {
  const row = from instanceof HTMLElement ? from.closest<HTMLElement>('[data-row]') : null
  const list = row?.closest('[data-pane]')
  if (!row || !list) return false
  const rows = [...list.querySelectorAll<HTMLElement>('[data-row]')]
  const next = rows[rows.indexOf(row) + step]
  next?.focus()
  return next !== undefined
}
