/** How a model's claim compares with what the analysis derived. `weaker`: true but not tight. */
export type Agreement = 'agrees' | 'disagrees' | 'weaker' | 'cannot-tell';

/** The check of one claim about complexity. */
export interface ClaimVerdict {
  readonly agreement: Agreement;
  /** The claim as it was read from the answer, such as `O(n log n)`; empty when none was found. */
  readonly claim: string;
  /** What the analysis derived, such as `O(len(xs)²)`; empty when it could not tell. */
  readonly derived: string;
  /** Class names, such as `quadratic`, for both; left out where unknown. */
  readonly claimClass?: string;
  readonly derivedClass?: string;
  /** A sentence for the person, translated. */
  readonly explanation: string;
}
