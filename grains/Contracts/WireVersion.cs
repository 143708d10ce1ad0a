namespace FlowGrain;

/// <summary>The language that silos speak with each other.</summary>
public static class WireVersion
{
    /// <summary>
    /// What this program speaks. A new field of a message keeps it: readers pass over fields that they do not know, and find
    /// those that are absent empty. What else changes a message or a grain's method raises it by one, and this program then
    /// still understands the version before.
    /// </summary>
    public const int Current = 1;

    /// <summary>Whether silos of these two versions understand each other: neighbours do, so that a cluster can be upgraded silo by silo.</summary>
    public static bool Interoperate(int one, int other) => Math.Abs(one - other) <= 1;
}
