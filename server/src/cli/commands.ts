// Owns the list of commands, in the order of the help; `serve` is not one that a server could run.
import { appsList } from './apps-list.ts'
import { backup } from './backup.ts'
import { checkpoint } from './checkpoint.ts'
import type { Command } from './command.ts'
import { connectionsList } from './connections-list.ts'
import { connectionsRemove } from './connections-remove.ts'
import { connectionsSet } from './connections-set.ts'
import { connectionsTest } from './connections-test.ts'
import { doctor } from './doctor.ts'
import { keysCreate } from './keys-create.ts'
import { keysList } from './keys-list.ts'
import { keysRevoke } from './keys-revoke.ts'
import { keysRotate } from './keys-rotate.ts'
import { listen } from './listen.ts'
import { masterKeyReplace } from './master-key-replace.ts'
import { migrate } from './migrate.ts'
import { payoutsComplete } from './payouts-complete.ts'
import { payoutsFail } from './payouts-fail.ts'
import { restore } from './restore.ts'
import { trigger } from './trigger.ts'
import { verify } from './verify.ts'

export const commands: Command[] = [
  migrate,
  doctor,
  verify,
  checkpoint,
  backup,
  restore,
  appsList,
  keysCreate,
  keysList,
  keysRotate,
  keysRevoke,
  masterKeyReplace,
  connectionsSet,
  connectionsList,
  connectionsTest,
  connectionsRemove,
  payoutsComplete,
  payoutsFail,
  listen,
  trigger,
]
