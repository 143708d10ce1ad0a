using System.Collections.Immutable;

namespace FlowGrain.Silo.Inference;

/// <summary>
/// The parameters that a request may have. What changes an answer is read; what clients of the protocol say of their own accord is
/// passed over; any other is a slip of somebody who believes that it is heeded.
/// </summary>
internal static class KnownParameters
{
    internal const string Timeout = "timeout", Score = "score", DequantiseDraws = "dequantise_draws", BinaryOutput = "binary_data_output", BinarySize = "binary_data_size", Binary = "binary_data";

    /// <summary>Of a request. Triton's clients send sequence_* and priority, those of KServe and MLServer headers and content_type.</summary>
    internal static readonly ImmutableArray<string> OfRequest = [Timeout, Score, DequantiseDraws, BinaryOutput, "priority", "sequence_id", "sequence_start", "sequence_end", "headers", "content_type"];

    /// <summary>Of an input.</summary>
    internal static readonly ImmutableArray<string> OfInput = [BinarySize, "content_type"];

    /// <summary>Of an output that is asked for.</summary>
    internal static readonly ImmutableArray<string> OfOutput = [Binary, "content_type"];

    /// <summary>Returns where a name is one of those that are known.</summary>
    /// <param name="what">What it names, such as <c>parameter</c>.</param>
    /// <param name="where">What has it, such as <c>an input</c>.</param>
    /// <param name="name">The name.</param>
    /// <param name="known">Those that are known.</param>
    /// <exception cref="BadInputException">It is none of them.</exception>
    internal static void Require(string what, string where, string name, ImmutableArray<string> known)
    {
        if (!known.Contains(name)) throw new BadInputException($"'{Excerpt.Of(name)}' is no {what} of {where}, which has {string.Join(", ", known)}{Nearest.Hint(Excerpt.Of(name), known, "; correct its name or take it out.")}");
    }
}
