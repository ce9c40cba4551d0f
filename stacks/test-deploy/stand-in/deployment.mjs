import { createEcho, invokeEcho, updateEcho } from "./echo.mjs";
import { diff, plain } from "./properties.mjs";

const STACK = "pulumi:pulumi:Stack";

/** `type::name` of the resource that the cloud refuses to make in this run. */
const REFUSED = process.env.VIGIL_TEST_REFUSES;

/** One update or preview of a stack, from the state before it to the one after. */
export class Deployment {
  #args;
  #before;
  #after = new Map();
  /** By component, those that its children use. */
  #providers = new Map();
  #counts = {};
  #failures = 0;
  rootUrn = "";

  constructor(args) {
    this.#args = args;
    this.#before = new Map(args.old.map((resource) => [resource.urn, resource]));
  }

  register({ ignoreChanges, providers, ...asked }) {
    const { type, name, isCustom, parent } = asked;
    const urn = this.#urnOf(asked);
    if (type === STACK) this.rootUrn = urn;
    this.#providers.set(urn, providers);
    const was = this.#before.get(urn);
    const provider = isCustom ? asked.provider || this.#inherited(type, parent) : "";
    const inputs = keepIgnored({ inputs: plain(asked.inputs), was, ignoreChanges });
    const goal = { ...asked, urn, type, name, provider, inputs, was };
    const { id, outputs } = isCustom ? this.#make(goal) : { outputs: {} };
    const resource = resourceOf({ ...goal, id, outputs });
    this.#after.set(urn, resource);
    this.#tell(resource, was);
    return { urn, id: id ?? "", outputs };
  }

  /** What the cloud holds of it after this step; in a preview, what is known beforehand. */
  #make({ urn, type, name, inputs, provider, was }) {
    if (was === undefined) {
      if (this.#args.isPreview) return { outputs: inputs };
      if (REFUSED === `${type}::${name}`) this.#refuse({ urn, type, provider });
      const region = this.#regionOf(provider);
      const { id, computed } = createEcho({ type, name, inputs, region });
      return { id, outputs: { ...computed, ...inputs } };
    }
    const isSame = Object.keys(diff(was.inputs, inputs)).length === 0;
    const computed = isSame ? {} : updateEcho({ ...was, inputs });
    const kept = Object.entries(was.outputs).filter(([key]) => !(key in was.inputs));
    return { id: was.id, outputs: { ...Object.fromEntries(kept), ...inputs, ...computed } };
  }

  #refuse({ urn, type, provider }) {
    this.#args.events.refused({ op: "create", urn, type, provider });
    this.fail({ urn, message: `creating ${type}: AccessDenied, as the stand-in was told to say` });
    throw Object.assign(new Error("the deployment has failed"), { hasEnded: true });
  }

  /** What exists already and is only looked up. */
  read({ type, name, id, inputs, parent, provider }) {
    const urn = this.#urnOf({ type, name, parent });
    const region = this.#regionOf(provider || this.#inherited(type, parent));
    const { computed } = createEcho({ type, name, inputs: { ...inputs, name: id }, region });
    const outputs = { ...computed, ...plain(inputs) };
    const resource = { urn, custom: true, external: true, id, type, inputs: {}, outputs, parent };
    this.#after.set(urn, resource);
    return { urn, outputs };
  }

  setOutputs(urn, outputs) {
    Object.assign(this.#after.get(urn).outputs, plain(outputs));
  }

  invoke({ token, args, provider }) {
    return invokeEcho({ token, args: plain(args), region: this.#regionOf(provider) });
  }

  fail({ urn, message }) {
    this.#failures += 1;
    this.#args.events.diagnostic({ urn, message, severity: "error" });
  }

  /** Once the program has ended: what it no longer asks for goes, unless the program has failed. */
  finish(code) {
    if (code !== 0 && this.#failures === 0)
      this.fail({ message: `the program ended with ${code}` });
    const gone = [...this.#before.values()].filter(({ urn }) => !this.#after.has(urn));
    for (const resource of gone) this.#after.set(resource.urn, resource);
    if (this.#failures === 0) this.#remove(gone);
  }

  removeAll() {
    this.#after = new Map(this.#before);
    this.#remove([...this.#before.values()]);
  }

  #remove(resources) {
    for (const resource of resources.reverse()) {
      const { urn } = resource;
      if (resource.protect) this.fail({ urn, message: `${urn} is protected, and stays` });
      else {
        this.#after.delete(urn);
        this.#step("delete", resource, { old: resource, new: null });
      }
    }
  }

  #tell(resource, was) {
    if (was === undefined) return this.#step("create", resource, { old: null, new: resource });
    const detailedDiff = diff(was.inputs, resource.inputs);
    const op = Object.keys(detailedDiff).length === 0 ? "same" : "update";
    return this.#step(op, resource, { old: was, new: resource, detailedDiff });
  }

  #step(op, { urn, type, provider = "" }, more) {
    this.#counts[op] = (this.#counts[op] ?? 0) + 1;
    this.#args.events.step({ op, urn, type, provider, ...more });
  }

  #urnOf({ type, name, parent }) {
    const { app, stage } = this.#args;
    const above = parent === "" || parent === this.rootUrn ? "" : `${parent.split("::")[2]}$`;
    const urn = `urn:pulumi:${stage}::${app}::${above}${type}::${name}`;
    if (this.#after.has(urn)) throw new Error(`Duplicate resource URN '${urn}'`);
    return urn;
  }

  /** A provider is named by its URN and id. */
  #regionOf(provider) {
    const urn = provider.split("::").slice(0, -1).join("::");
    return this.#after.get(urn)?.inputs.region ?? this.#args.config["aws:region"];
  }

  /** As the engine does: a component's providers are its children's too. */
  #inherited(type, parent) {
    const [name] = type.split(":");
    for (let urn = parent; urn; urn = this.#after.get(urn)?.parent) {
      const provider = this.#providers.get(urn)?.[name];
      if (provider !== undefined) return provider;
    }
    return "";
  }

  get hasFailed() {
    return this.#failures > 0;
  }

  get counts() {
    return this.#counts;
  }

  /** The stack first, where sst looks for what the program returned. */
  get state() {
    const isStack = ({ type }) => type === STACK;
    const all = [...this.#after.values()];
    return [...all.filter(isStack), ...all.filter((resource) => !isStack(resource))];
  }
}

function keepIgnored({ inputs, was, ignoreChanges }) {
  if (was === undefined) return inputs;
  const kept = ignoreChanges
    .filter((key) => key in was.inputs)
    .map((key) => [key, was.inputs[key]]);
  const looked = Object.entries(inputs).filter(([key]) => !ignoreChanges.includes(key));
  return Object.fromEntries([...looked, ...kept]);
}

/** As the state keeps it: what is empty is left out. */
function resourceOf({ urn, type, isCustom, id, inputs, outputs, parent, provider, was, ...more }) {
  const now = new Date().toISOString();
  return {
    urn,
    custom: isCustom,
    ...(id && { id }),
    type,
    inputs,
    outputs,
    ...(parent && { parent }),
    ...(provider && { provider }),
    ...(more.isProtected && { protect: true }),
    ...(more.retainOnDelete && { retainOnDelete: true }),
    dependencies: more.dependencies,
    created: was?.created ?? now,
    modified: now,
  };
}
