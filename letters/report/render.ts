/** Paper from a report: the typesetter (Typst, as WebAssembly) runs where the answers are readable, on the issuer's device. */
import init, { TypstCompilerBuilder } from '@myriaddreamin/typst-ts-web-compiler'
import type { Bytes } from '../../core/bytes.ts'
import { utf8 } from '../../core/bytes.ts'
import { reportCsv } from './csv.ts'
import type { ReportData, ReportStage } from './data.ts'
import { layOut, type Sheet } from './sheet.ts'
import { CSV_FILE, SHEET_FILE, TEMPLATE } from './template.ts'

/** Bytes of the engine before compression, for a bar that shows how much has come; a test holds it to the installed file. */
export const ENGINE_BYTES = 28_325_178

/** A typesetter that is ready. It keeps what it set last, so the same report comes quicker the second time. */
export type Engine = {
  /** The report as a PDF with its table of values attached. Same data, same bytes. Throws `Error` only for a fault of ours. */
  render(data: ReportData, onStage?: (stage: ReportStage) => void): Bytes
}

/** `wasm`: the engine's module, compiled; `fonts`: the font's files, regular and semibold. Takes a good part of a second. */
export async function openEngine(wasm: WebAssembly.Module, fonts: readonly Bytes[]): Promise<Engine> {
  await init({ module_or_path: wasm })
  const builder = withoutEval(() => {
    const fresh = new TypstCompilerBuilder()
    fresh.set_dummy_access_model()
    return fresh
  })
  for (const font of fonts) await builder.add_raw_font(font)
  const compiler = await builder.build()
  compiler.add_source('/report.typ', TEMPLATE)
  const engine: Engine = {
    render(data, onStage = () => {}) {
      const of = data.rows.length
      const sheet = layOut(data, (done) => {
        if (done % 50 === 0 || done === of) onStage({ stage: 'rows', done, of })
      })
      compiler.map_shadow(CSV_FILE, utf8(reportCsv(data)))
      compiler.map_shadow(SHEET_FILE, utf8(sheetText(sheet)))
      onStage({ stage: 'pdf', done: 0, of })
      const world = compiler.snapshot(undefined, '/report.typ', undefined)
      try {
        // Laying the pages out takes five sixths of the time, writing them one.
        const faults: unknown = world.compile(PAGES, WITH_PLACES)
        onStage({ stage: 'pdf', done: Math.round((of * 5) / 6), of })
        const { result, diagnostics } = world.get_artifact(PDF, WITH_PLACES) as Compiled
        if (!result) throw new Error(`The report could not be set: ${JSON.stringify(diagnostics ?? faults)}`)
        onStage({ stage: 'pdf', done: of, of })
        return result
      } finally {
        world.free()
      }
    },
  }
  // The first setting compiles the engine's own code, 0.2 s of it; better now than when somebody waits for a report.
  engine.render(nothing)
  return engine
}

/**
 * The engine makes the file system it does not have out of five constant functions, written as text for `new Function`. Our
 * pages let nobody evaluate text, so for that moment the five are handed over ready-made, and any other text is refused.
 */
function withoutEval<T>(make: () => T): T {
  const evaluating = globalThis.Function
  globalThis.Function = readyMade as unknown as FunctionConstructor
  try {
    return make()
  } finally {
    globalThis.Function = evaluating
  }
}

function readyMade(...words: string[]): (path: string) => unknown {
  const body = words.at(-1)!
  if (body === 'return 0') return () => 0
  if (body === 'return true') return () => true
  if (body === 'return path') return (path) => path
  if (!body.startsWith("throw new Error('Dummy ")) throw new Error(`The engine would evaluate: ${body}`)
  return () => {
    throw new Error(body)
  }
}

const nothing: ReportData = {
  lang: 'bn',
  letterhead: [],
  memo: '',
  subject: '',
  mark: '',
  issued: null,
  due: null,
  madeAt: 0,
  checkpoint: { size: 0, root: '' },
  maker: null,
  partly: 0,
  fields: [{ key: 'n', clause: '', type: 'number', name: '', unit: '', required: false, choices: [] }],
  rows: [
    {
      division: 'ক',
      district: 'ক',
      upazila: '',
      office: 'ক',
      post: '',
      state: 'done',
      answeredAt: 0,
      values: new Map([['n', '1']]),
    },
    { division: 'ক', district: 'ক', upazila: '', office: 'খ', post: '', state: 'sent', answeredAt: null, values: null },
  ],
}

const PAGES = 0
const PDF = 1
const WITH_PLACES = 1

type Compiled = { result?: Bytes; diagnostics?: unknown }

/** The sheet as the template reads it, without what no paper should carry. */
export function sheetText(sheet: Sheet): string {
  return JSON.stringify(sheet, (_key, value: unknown) => (typeof value === 'string' ? forPaper(value) : value))
}

/**
 * No control signs, none that turn the direction of writing (they make a line read otherwise than it is), no halves of a
 * character. Joiners stay: they shape conjuncts.
 */
function forPaper(text: string): string {
  return (
    text
      .toWellFormed()
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out.
      .replace(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ufff9-\uffff]/g, ' ')
  )
}
