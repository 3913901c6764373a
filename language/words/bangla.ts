import * as about from './about.ts'
import * as absence from './absence.ts'
import * as answer from './answer.ts'
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
import * as shell from './shell.ts'
import * as start from './start.ts'
import * as today from './today.ts'
import * as tracking from './tracking.ts'

/** Every Bangla word of the product. An area is a file beside this one that exports `bn` and `en` of the same shape. */
export const bn = {
  common: common.bn,
  errors: errors.bn,
  shell: shell.bn,
  start: start.bn,
  today: today.bn,
  letter: letter.bn,
  answer: answer.bn,
  forms: forms.bn,
  fields: fields.bn,
  passing: passing.bn,
  absence: absence.bn,
  issue: issue.bn,
  directing: directing.bn,
  drafts: drafts.bn,
  notices: notices.bn,
  board: board.bn,
  tracking: tracking.bn,
  devices: devices.bn,
  channels: channels.bn,
  contacts: contacts.bn,
  report: report.bn,
  reach: reach.bn,
  practice: practice.bn,
  settings: settings.bn,
  phones: phones.bn,
  about: about.bn,
  cli: cli.bn,
  cliFollowing: cliFollowing.bn,
  cliRunning: cliRunning.bn,
} as const

export type Words = typeof bn
