import { afterPicture } from './after-picture.ts'

const first = 8
const step = 12

/**
 * How many rows of a long list are drawn: none until the tap that opened it was answered by a picture of the screen around them;
 * then what fills the screen, and more as the reader comes near the end.
 */
export class Growing {
  most = $state(0)

  /** @param least as many at once, so that the row one comes back to is among them */
  constructor(least: () => number = () => 0) {
    $effect(() => afterPicture(() => (this.most = Math.max(first, least(), this.most)), 0))
  }

  /** The rows may stand. */
  get begun(): boolean {
    return this.most > 0
  }

  /** For what stands at the end of the list; its scroller is the pane around it. */
  watch = (end: Element): (() => void) => {
    const seen = new IntersectionObserver(
      (entries) => {
        if (!entries.some(({ isIntersecting }) => isIntersecting)) return
        this.most += step
        // Watched anew, it says once more where it stands: one step may not have filled the screen.
        seen.unobserve(end)
        seen.observe(end)
      },
      { root: end.closest('.scroll'), rootMargin: '600px 0px' },
    )
    seen.observe(end)
    return () => seen.disconnect()
  }
}
