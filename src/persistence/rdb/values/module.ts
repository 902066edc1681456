/**
 * What modules have written into a dump. This server has no modules; but since Redis 4 they describe
 * what they write, so that it can be passed over:
 *
 *   MODULE_2     module id, then opcodes with a value each, up to EOF
 *   MODULE_AUX   module id, UINT, when, then the same
 *
 * A module id has the nine letters of the module's name, six bits each, and ten bits for its version.
 */
import type { RdbInput } from "../input.ts";
import { ModuleOpcode } from "../opcodes.ts";

const NAME_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const NAME_LENGTH = 9;
const VERSION_BITS = 10n;
const LETTER_BITS = 6n;
const FLOAT_BYTES = 4;
const DOUBLE_BYTES = 8;

/** Passes over a module's value; returns the module's name. */
export function skipModuleValue(input: RdbInput): string {
  const name = moduleName(input);
  skipModuleData(input);
  return name;
}

/** Passes over what a module has written beside the keys; returns the module's name. */
export function skipModuleAux(input: RdbInput): string {
  const name = moduleName(input);
  if (input.length() !== ModuleOpcode.UINT) {
    throw input.damaged("what a module has written does not say when it is to be read");
  }
  input.length();
  skipModuleData(input);
  return name;
}

function moduleName(input: RdbInput): string {
  input.length();
  const id = (BigInt(input.high >>> 0) << 32n) | BigInt(input.low >>> 0);
  let name = "";
  let letters = id >> VERSION_BITS;
  for (let i = 0; i < NAME_LENGTH; i++) {
    name = NAME_LETTERS[Number(letters & 63n)] + name;
    letters >>= LETTER_BITS;
  }
  return name;
}

function skipModuleData(input: RdbInput): void {
  for (;;) {
    const opcode = input.length();
    switch (opcode) {
      case ModuleOpcode.EOF:
        return;
      case ModuleOpcode.SINT:
      case ModuleOpcode.UINT:
        input.length();
        break;
      case ModuleOpcode.FLOAT:
        input.bytes(FLOAT_BYTES);
        break;
      case ModuleOpcode.DOUBLE:
        input.bytes(DOUBLE_BYTES);
        break;
      case ModuleOpcode.STRING:
        input.string();
        break;
      default:
        throw input.damaged(`${opcode} is nothing that modules write`);
    }
  }
}
