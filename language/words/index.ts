export { bn, type Words } from './bangla.ts'
export { en } from './english.ts'
