using System.Buffers;
using System.Collections.Concurrent;
using FlowGrain.Training;
using Orleans.Serialization;

namespace FlowGrain.Bench.Scaling;

/// <summary>Counts the sums that reach the grains of a silo, wherever they come from.</summary>
internal sealed class CallMeter(Serializer<PartialSum> serializer) : IIncomingGrainCallFilter
{
    private readonly ConcurrentDictionary<GrainId, Traffic> _into = [];

    /// <summary>What came to each grain.</summary>
    internal IEnumerable<Traffic> Into => _into.Values;

    /// <summary>Begins anew.</summary>
    internal void Reset() => _into.Clear();

    public Task Invoke(IIncomingGrainCallContext context)
    {
        if (context.Request.GetArgumentCount() == 1 && context.Request.GetArgument(0) is PartialSum sum)
        {
            var message = new Traffic(1, sum.Sums.Length * sizeof(float), Serialized(sum));
            _into.AddOrUpdate(context.TargetId, message, (_, before) => before + message);
        }

        return context.Invoke();
    }

    private long Serialized(PartialSum sum)
    {
        var writer = new Discarding();
        serializer.Serialize(sum, writer);
        return writer.Written;
    }

    /// <summary>Keeps the length and nothing else.</summary>
    private sealed class Discarding : IBufferWriter<byte>
    {
        private readonly byte[] _scratch = new byte[64 << 10];

        internal long Written { get; private set; }

        public void Advance(int count) => Written += count;

        public Memory<byte> GetMemory(int sizeHint = 0) => sizeHint <= _scratch.Length ? _scratch : new byte[sizeHint];

        public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;
    }
}

/// <summary>What came to a node in a round.</summary>
/// <param name="Messages">Calls that brought a sum.</param>
/// <param name="Sums">Bytes of the sums: what the formulas count.</param>
/// <param name="Whole">Bytes of those messages as Orleans serialises them: the sums, and which worker computed which shard to which hash.</param>
internal readonly record struct Traffic(long Messages, long Sums, long Whole)
{
    public static Traffic operator +(Traffic left, Traffic right) => new(left.Messages + right.Messages, left.Sums + right.Sums, left.Whole + right.Whole);

    /// <summary>The larger of each figure.</summary>
    internal static Traffic Larger(Traffic left, Traffic right) =>
        new(Math.Max(left.Messages, right.Messages), Math.Max(left.Sums, right.Sums), Math.Max(left.Whole, right.Whole));
}
