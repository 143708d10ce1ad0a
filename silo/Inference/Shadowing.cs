using System.Collections.Immutable;

namespace FlowGrain.Silo.Inference;

/// <summary>
/// Has a version that is tried out compute requests beside the one that answers them, and tells how far apart they are. Nobody
/// waits for it, and what it comes to is nobody's answer.
/// </summary>
internal sealed partial class Shadowing(ServedModels models, BodyRoom room, IHostApplicationLifetime life, ILogger<Shadowing> logger)
{
    internal const int Most = 64; // requests at once; while so many are under way, or have no room, further ones are not shadowed

    private int _running;

    /// <summary>Computes a request that was answered, where a rule asks for it.</summary>
    internal void Follow(string model, string? version, InferenceRequest request, ImmutableArray<OutputTensor> answer)
    {
        if (version is not null) return; // it was asked for by its number or alias
        if (Interlocked.Increment(ref _running) > Most) Interlocked.Decrement(ref _running);
        else _ = Compare(model, request, answer);
    }

    private async Task Compare(string model, InferenceRequest request, ImmutableArray<OutputTensor> answer)
    {
        try
        {
            if (models.Get(model).Registration.Traffic is null) return;
            using var taken = room.Spare(BytesOf(request, answer));
            if (taken is null || await models.Shadow(model, request.Id) is not { } shadow) return;
            var other = await shadow.Infer(request with { Timeout = null, Reserve = _ => { } }, life.ApplicationStopping); // it has room for all of it
            if (Densities(answer) is { } here && Densities(other) is { } there && MeanDifference(here.Values.Span, there.Values.Span) is { } nats)
                Telemetry.ShadowNats.Record(nats, Label.OfModel(model));
        }
        catch (Exception error)
        {
            Telemetry.ShadowFailures.Add(1, Label.OfModel(model));
            NotFollowed(error, model);
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }

    /// <summary>Memory that a request takes beyond its answer: its numbers, which become rows of the model, that answer and another like it.</summary>
    private static long BytesOf(InferenceRequest request, ImmutableArray<OutputTensor> answer) => 2 * (request.Bytes + answer.Sum(output => (long)output.Bytes.Length));

    private static SingleTensor? Densities(ImmutableArray<OutputTensor> outputs) => outputs.OfType<SingleTensor>().FirstOrDefault(output => output.Shape.Length == 1);

    /// <summary>Over the rows of which both say something; null where there are none.</summary>
    private static double? MeanDifference(ReadOnlySpan<float> here, ReadOnlySpan<float> there)
    {
        var (sum, rows) = (0.0, 0);
        for (var row = 0; row < here.Length; row++)
        {
            if (!float.IsFinite(here[row]) || !float.IsFinite(there[row])) continue;
            sum += there[row] - here[row];
            rows++;
        }

        return rows == 0 ? null : sum / rows;
    }

    [LoggerMessage(EventId = 2100, Level = LogLevel.Debug, Message = "A request for model '{Model}' was answered, and could not be computed by its shadow")]
    private partial void NotFollowed(Exception error, string model);
}
