using System.Collections.Immutable;
using FlowGrain.Serving;

namespace FlowGrain.Silo.Inference;

/// <summary>What a client asks of a model, read and checked as far as the protocol goes.</summary>
internal sealed record InferenceRequest
{
    /// <summary>What the client calls it; echoed. Null without.</summary>
    public string? Id { get; init; }

    /// <summary>How long it may wait for its turn; null for as long as it takes.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Asks for so many bytes of memory for the answer; throws where there is no room.</summary>
    public Action<long> Reserve { get; init; } = _ => { };

    /// <summary>Whether outputs come as bytes behind the JSON, where nothing else is said of one.</summary>
    public bool BinaryOutput { get; init; }

    /// <summary>By what detection judges; null where the request does not say it.</summary>
    public string? Score { get; init; }

    /// <summary>Draws of every row in its bin, of whose probability an estimate is asked for; null for log-densities.</summary>
    public int? DequantiseDraws { get; init; }

    /// <summary>A body that is the only input and nothing else: bytes of the type that the model describes; null where it is not.</summary>
    public ReadOnlyMemory<byte>? Raw { get; init; }

    /// <summary>The tensors that came.</summary>
    public ImmutableArray<Tensor> Inputs { get; init; } = [];

    /// <summary>The outputs asked for; empty for those that a model gives unasked.</summary>
    public ImmutableArray<RequestedOutput> Outputs { get; init; } = [];

    /// <summary>How long a client waits that says so in microseconds: 0 is for as long as it takes, and more than a day is a day.</summary>
    internal static TimeSpan? Patience(long microseconds) => microseconds == 0 ? null : TimeSpan.FromMicroseconds(Math.Min(microseconds, (long)TimeSpan.FromDays(1).TotalMicroseconds));

    /// <summary>Memory that its numbers are in.</summary>
    internal long Bytes => (Raw?.Length ?? 0) + Inputs.Sum(input => sizeof(double) * ((long)input.Numbers.Length + input.Whole.Length));

    /// <summary>The input of a name; null where it did not come.</summary>
    internal Tensor? Input(string name) => Inputs.FirstOrDefault(input => input.Name == name);

    /// <summary>Whether an output is asked for by name.</summary>
    internal bool Asks(string output) => Outputs.Any(asked => asked.Name == output);

    /// <summary>Asks for memory for an output of so many numbers: themselves, and as they travel.</summary>
    /// <exception cref="OverloadedException">There is no room for it.</exception>
    internal void ReserveFor(string output, long numbers)
    {
        const int Bytes = 16, Text = 32; // a number

        Reserve(numbers * (IsBinary(output) ? Bytes : Text));
    }

    /// <summary>What is left of its time since a timestamp; null for as long as it takes.</summary>
    internal TimeSpan? Left(TimeProvider clock, long since)
    {
        var left = Timeout - clock.GetElapsedTime(since);
        return left < TimeSpan.Zero ? TimeSpan.Zero : left;
    }

    /// <summary>Whether an output comes as bytes.</summary>
    internal bool IsBinary(string output) => Outputs.FirstOrDefault(asked => asked.Name == output)?.Binary ?? BinaryOutput;
}

/// <summary>An output that a client asks for.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Binary">Whether it comes as bytes; null where the request says it for all.</param>
internal sealed record RequestedOutput(string Name, bool? Binary);
