import { z } from 'zod';

type Path = readonly PropertyKey[];

/** The schemas a path of keys can lead to, without their wrappings: one, or several where the format has alternatives. */
export function schemasAt(schema: z.core.$ZodType, path: Path): z.ZodType[] {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable) {
    return schemasAt(schema.def.innerType, path);
  }
  if (schema instanceof z.ZodUnion) return schema.def.options.flatMap((option) => schemasAt(option, path));
  if (path.length === 0) return schema instanceof z.ZodType ? [schema] : [];
  const [key, ...rest] = path;
  if (schema instanceof z.ZodRecord) return schemasAt(schema.def.valueType, rest);
  if (schema instanceof z.ZodArray) return schemasAt(schema.def.element, rest);
  if (!(schema instanceof z.ZodObject)) return [];
  const child = Object.hasOwn(schema.shape, key) ? schema.shape[String(key)] : undefined;
  return child ? schemasAt(child, rest) : [];
}

/** The mappings with fixed keys that a path can lead to. */
export function mappingsAt(schema: z.core.$ZodType, path: Path): z.ZodObject[] {
  return schemasAt(schema, path).filter((found) => found instanceof z.ZodObject);
}
