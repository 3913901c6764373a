/// <reference lib="webworker" />
/**
 * Prints the compliance report beside the page, so that the page stays alive meanwhile. It begins to fetch its engine when it
 * is started; the answers may still be on their way. Only this file's answer allows WebAssembly (`server/static.ts`).
 */
import regular from '@expo-google-fonts/noto-sans-bengali/400Regular/NotoSansBengali_400Regular.ttf?url'
import semibold from '@expo-google-fonts/noto-sans-bengali/600SemiBold/NotoSansBengali_600SemiBold.ttf?url'
import engineUrl from '@myriaddreamin/typst-ts-web-compiler/wasm?url'
import type { Bytes } from '../../../core/bytes.ts'
import type { ReportData, ReportStage } from '../../../letters/report/data.ts'
import { ENGINE_BYTES, type Engine, openEngine } from '../../../letters/report/render.ts'

declare const self: DedicatedWorkerGlobalScope

/** What the page hears: any number of stages, then one of the others. */
export type Said = { stage: ReportStage } | { pdf: Bytes } | { unreachable: string } | { fault: string }

class Unreachable extends Error {}

const engine = open()
// Whoever asks for the report hears of it; unasked it is no loss.
engine.catch(() => {})

self.addEventListener('message', (event: MessageEvent<ReportData>) => void answer(event.data))

async function answer(data: ReportData): Promise<void> {
  try {
    const pdf = (await engine).render(data, (stage) => say({ stage }))
    say({ pdf }, [pdf.buffer])
  } catch (error) {
    const text = String((error as Error)?.stack ?? error)
    say(error instanceof Unreachable ? { unreachable: text } : { fault: text })
  }
}

async function open(): Promise<Engine> {
  let files = 0
  const font = async (url: string) => {
    const bytes = new Uint8Array(await (await got(url)).arrayBuffer())
    say({ stage: { stage: 'font', done: ++files, of: 2 } })
    return bytes
  }
  const [module, ...fonts] = await Promise.all([engineModule(), font(regular), font(semibold)])
  return openEngine(module, fonts)
}

/** Compiled while it comes. The bytes are counted as they are after the network's compression. */
async function engineModule(): Promise<WebAssembly.Module> {
  const { body } = await got(engineUrl)
  let done = 0
  const counted = body!.pipeThrough(
    new TransformStream<Bytes, Bytes>({
      transform(chunk, out) {
        const before = Math.floor(done / 1e6)
        done += chunk.length
        if (Math.floor(done / 1e6) > before || done === ENGINE_BYTES)
          say({ stage: { stage: 'engine', done, of: ENGINE_BYTES } })
        out.enqueue(chunk)
      },
    }),
  )
  try {
    return await WebAssembly.compileStreaming(
      new Response(counted, { headers: { 'content-type': 'application/wasm' } }),
    )
  } catch (cause) {
    // Cut off on the way, unless the whole of it came.
    if (done < ENGINE_BYTES) throw new Unreachable('the engine came in part', { cause })
    throw cause
  }
}

async function got(url: string): Promise<Response> {
  let reply: Response
  try {
    reply = await fetch(url)
  } catch (cause) {
    throw new Unreachable(url, { cause })
  }
  if (!reply.ok) throw new Unreachable(`${url}: ${reply.status}`)
  return reply
}

function say(said: Said, transfer: Transferable[] = []): void {
  self.postMessage(said, transfer)
}
