/** Running the tools of the house and telling what they said. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'

export const ROOT = join(import.meta.dirname, '..')

export type Step = { name: string; command: string; args: string[]; env?: Record<string, string> }
export type Done = { name: string; ok: boolean; said: string; ms: number }

/** Runs a tool of `node_modules` (or node itself) to its end; never throws, a tool that cannot start has failed. */
export async function runStep({ name, command, args, env }: Step): Promise<Done> {
  const start = performance.now()
  const file = command === 'node' ? process.execPath : join(ROOT, 'node_modules/.bin', command)
  const { ok, said } = await new Promise<{ ok: boolean; said: string }>((resolve) => {
    let said = ''
    const child = spawn(file, args, { cwd: ROOT, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
    child.stdout.on('data', (chunk) => {
      said += chunk
    })
    child.stderr.on('data', (chunk) => {
      said += chunk
    })
    child.on('error', (error) => resolve({ ok: false, said: error.message }))
    child.on('close', (code) => resolve({ ok: code === 0, said }))
  })
  return { name, ok, said, ms: performance.now() - start }
}

export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`
}
