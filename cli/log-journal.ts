import { heldItems } from '../client/give-back.ts'
import { formatJournalLine } from '../core/journal.ts'
import { type Command, EXIT } from './command.ts'
import { deskOptions } from './desk.ts'
import { openProfile } from './profile.ts'

/**
 * `log journal`: every accepted item that this profile has whole, a line each for `log recover --from`. A device that reaches its
 * server gives back by itself what was lost; this is for one that cannot, and asks nobody.
 */
export const logJournal: Command = {
  options: { profile: deskOptions.profile! },
  async run(args, io) {
    const { store } = await openProfile(args.needed('profile'), args)
    try {
      for (const entry of await heldItems(store)) io.out(formatJournalLine(entry).trimEnd())
      return EXIT.ok
    } finally {
      await store.close()
    }
  },
}
