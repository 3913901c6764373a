/** Runs `act` once the next picture was drawn, `after` milliseconds later; gives how to call it off. */
export function afterPicture(act: () => void, after = 50): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  const frame = requestAnimationFrame(() => {
    timer = setTimeout(act, after)
  })
  return () => {
    cancelAnimationFrame(frame)
    clearTimeout(timer)
  }
}
