import type { Page } from 'playwright-core'

/** Counts what a page fetches from now on: bytes as they come over the network, headers too. */
export async function weigh(page: Page): Promise<() => number> {
  const network = await page.context().newCDPSession(page)
  let bytes = 0
  network.on('Network.loadingFinished', ({ encodedDataLength }) => {
    bytes += encodedDataLength
  })
  await network.send('Network.enable')
  return () => bytes
}
