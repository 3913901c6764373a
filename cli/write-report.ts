/** The compliance report from the command line: the same code as in the browser, the engine and the font from the disk. */
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { Bytes } from '../core/bytes.ts'
import { Refusal } from '../core/refusal.ts'
import { reportCsv } from '../letters/report/csv.ts'
import type { ReportData, ReportStage } from '../letters/report/data.ts'
import type { Engine } from '../letters/report/render.ts'
import type { Io } from './command.ts'

const { resolve } = createRequire(import.meta.url)

/** As `package.json` names them. */
export const REPORT_FILES = {
  engine: '@myriaddreamin/typst-ts-web-compiler/wasm',
  fonts: [
    '@expo-google-fonts/noto-sans-bengali/400Regular/NotoSansBengali_400Regular.ttf',
    '@expo-google-fonts/noto-sans-bengali/600SemiBold/NotoSansBengali_600SemiBold.ttf',
  ],
}

/**
 * Writes the report to `path`: a PDF, or the table of values where the name ends in `.csv`.
 * @throws Refusal `bad_input` for a name that ends in neither, `file_unwritable` as `Io.writeFile` says.
 */
export async function writeReport(
  data: ReportData,
  path: string,
  io: Pick<Io, 'writeFile'>,
  onStage: (stage: ReportStage) => void = () => {},
): Promise<void> {
  if (/\.csv$/i.test(path)) return io.writeFile(path, reportCsv(data))
  if (!/\.pdf$/i.test(path)) throw new Refusal('bad_input', `${path}: a report is a .pdf or a .csv`, { file: path })
  const engine = await openInstalled(onStage)
  return io.writeFile(path, engine.render(data, onStage))
}

/** The engine as installed. @throws Error where the packages are not there whole. */
export async function openInstalled(onStage: (stage: ReportStage) => void = () => {}): Promise<Engine> {
  // Only who prints pays for it: no other command loads the engine's code.
  const { ENGINE_BYTES, openEngine } = await import('../letters/report/render.ts')
  const wasm = await bytesOf(REPORT_FILES.engine)
  onStage({ stage: 'engine', done: wasm.length, of: ENGINE_BYTES })
  const fonts = await Promise.all(REPORT_FILES.fonts.map(bytesOf))
  onStage({ stage: 'font', done: fonts.length, of: fonts.length })
  return openEngine(await WebAssembly.compile(wasm), fonts)
}

async function bytesOf(name: string): Promise<Bytes> {
  return Uint8Array.from(await readFile(resolve(name)))
}
