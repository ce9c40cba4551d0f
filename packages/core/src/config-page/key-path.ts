import type { DefaultsInput, JsonValue, SecretRef, VigilConfigInput } from "../config/index.ts";

/** A limit stands in a target, or in `defaults` for all of them, and is told of once. */
export type LimitPath = KeyPath<DefaultsInput, "">;

/** Every other key of the config: `targets[].expect.tools`. */
export type OwnPath = Exclude<
  KeyPath<VigilConfigInput, "">,
  `${"defaults" | "targets[]"}.${LimitPath}`
>;

export type ConfigPath = LimitPath | OwnPath;

/** The paths of an object's keys, through lists; credentials by their kind: `auth.bearer.token`. */
type KeyPath<T, At extends string> = [JsonValue] extends [T]
  ? never
  : T extends readonly (infer Item)[]
    ? KeyPath<Item, `${At}[]`>
    : T extends SecretRef
      ? never
      : T extends object
        ? string extends keyof T
          ? never
          : MemberPath<
              T,
              T extends { readonly type: infer Kind extends string } ? Join<At, Kind> : At
            >
        : never;

type MemberPath<T, At extends string> = {
  [Key in Exclude<keyof T & string, "type">]-?:
    | Join<At, Key>
    | KeyPath<NonNullable<T[Key]>, Join<At, Key>>;
}[Exclude<keyof T & string, "type">];

type Join<At extends string, Key extends string> = At extends "" ? Key : `${At}.${Key}`;
