import * as about from './about.ts'
import * as absence from './absence.ts'
import * as answer from './answer.ts'
import type { Words } from './bangla.ts'
import * as board from './board.ts'
import * as channels from './channels.ts'
import * as cli from './cli.ts'
import * as cliFollowing from './cli-following.ts'
import * as cliRunning from './cli-running.ts'
import * as common from './common.ts'
import * as contacts from './contacts.ts'
import * as devices from './devices.ts'
import * as directing from './directing.ts'
import * as drafts from './drafts.ts'
import * as errors from './errors.ts'
import * as fields from './fields.ts'
import * as forms from './forms.ts'
import * as issue from './issue.ts'
import * as letter from './letter.ts'
import * as notices from './notices.ts'
import * as passing from './passing.ts'
import * as phones from './phones.ts'
import * as practice from './practice.ts'
import * as reach from './reach.ts'
import * as report from './report.ts'
import * as settings from './settings.ts'
import type { SameShape } from './shape.ts'
import * as shell from './shell.ts'
import * as start from './start.ts'
import * as today from './today.ts'
import * as tracking from './tracking.ts'

/** Every English word, in the shape of the Bangla ones. A page fetches them when somebody wants them (web/build/english-apart.ts). */
export const en: SameShape<Words> = {
  common: common.en,
  errors: errors.en,
  shell: shell.en,
  start: start.en,
  today: today.en,
  letter: letter.en,
  answer: answer.en,
  forms: forms.en,
  fields: fields.en,
  passing: passing.en,
  absence: absence.en,
  issue: issue.en,
  directing: directing.en,
  drafts: drafts.en,
  notices: notices.en,
  board: board.en,
  tracking: tracking.en,
  devices: devices.en,
  channels: channels.en,
  contacts: contacts.en,
  report: report.en,
  reach: reach.en,
  practice: practice.en,
  settings: settings.en,
  phones: phones.en,
  about: about.en,
  cli: cli.en,
  cliFollowing: cliFollowing.en,
  cliRunning: cliRunning.en,
}
