const first = 8
const step = 24

/** How many rows of a long list are drawn: what fills the screen at first, more as the reader comes near the end. */
export class Growing {
  most = $state(first)

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
