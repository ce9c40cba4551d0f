import fc from "fast-check";

/** The suite tries the same cases each time; `PROPERTY_SEED=$RANDOM npm test` looks elsewhere. */
fc.configureGlobal({ seed: Number(process.env.PROPERTY_SEED ?? 20_261_122) });
