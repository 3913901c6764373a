import { Refusal } from '../../core/refusal.ts'
import type { Call, Route } from '../../server/routes.ts'
import { routeOf } from './approval-route.ts'
import { type BoardNeeds, board, GROUPS, summaryOf } from './board.ts'
import { curve } from './curve.ts'
import { passedOn } from './passed.ts'
import { boardRows, FILTERS } from './rows.ts'
import { waitingFor } from './waiting.ts'

export type { AreaNames } from './board.ts'

/** What items cannot do: the board of a directive, for those entitled to it (`viewing.ts`). */
export function directiveRoutes(needs: BoardNeeds): Route[] {
  return [
    route('/api/directives/:id/board', ({ id, posts, query }) =>
      board(needs, posts, id, { group: oneOf('group', GROUPS, query.group), within: query.within ?? null }),
    ),
    route('/api/directives/:id/rows', ({ id, posts, query }) =>
      boardRows(needs, posts, id, {
        within: query.within ?? null,
        filter: oneOf('filter', FILTERS, query.filter) ?? null,
        cursor: query.cursor ?? null,
      }),
    ),
    route('/api/directives/:id/curve', ({ id, posts, query }) =>
      curve(needs, posts, id, { within: query.within ?? null }),
    ),
    route('/api/waiting', ({ posts, query }) => waitingFor(needs, posts, query.of ? query.of.split(',') : [])),
    route('/api/directives/:id/passed', ({ id, posts }) => passedOn(needs, posts, id)),
    route('/api/posts/:id/route', async ({ id }) => ({ approvers: await routeOf(needs.db, id, needs.directory) })),
    route('/api/directives/:id/summary', async ({ id, posts }) => summaryOf(await board(needs, posts, id))),
  ]
}

type Asked = { id: string; posts: readonly string[]; query: Call['query'] }

function route(path: string, answer: (asked: Asked) => Promise<unknown>): Route {
  return {
    method: 'GET',
    path,
    who: 'person',
    async answer({ viewer, params, query }) {
      return { json: await answer({ id: params.id ?? '', posts: viewer?.posts ?? [], query }) }
    },
  }
}

/** Throws `Refusal('bad_input')` naming the parameter. */
function oneOf<T extends string>(name: string, known: readonly T[], given: string | undefined): T | undefined {
  if (given === undefined || given === '') return undefined
  const found = known.find((value) => value === given)
  if (!found) throw new Refusal('bad_input', `${name} is one of ${known.join(', ')}`, { field: name })
  return found
}
