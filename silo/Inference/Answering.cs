using System.Collections.Immutable;
using FlowGrain.Serving;
using FlowGrain.Silo.Api;

namespace FlowGrain.Silo.Inference;

/// <summary>Answers requests, whichever way they come, and counts what became of them.</summary>
internal sealed class Answering(ServedModels models, ModelStatistics statistics, Shadowing shadowing, TimeProvider clock)
{
    private static readonly KeyValuePair<string, object?>[] Outcomes = [.. Enum.GetValues<RequestOutcome>().Select(outcome => Label.Outcome(outcome))]; // made once, for thousands a second

    /// <summary>Answers one.</summary>
    /// <param name="model">Who is asked: a model, or a function of it.</param>
    /// <param name="version">Its version, a number or an alias; null for whichever answers such a request.</param>
    /// <param name="request">What is asked.</param>
    /// <param name="came">When its header came, a timestamp of the clock.</param>
    /// <param name="write">Given the version that answers and its outputs; sends them.</param>
    /// <param name="cancellation">Cancelled when the client goes away.</param>
    internal async Task Answer(string model, string? version, InferenceRequest request, long came, Func<int, ImmutableArray<OutputTensor>, Task> write, CancellationToken cancellation)
    {
        var function = await Function(model, version, request, came, cancellation);
        request = request with { Timeout = request.Left(clock, came) };
        var (number, outcome) = (function.Engine.Model.Version, RequestOutcome.Answered);
        try
        {
            var outputs = await function.Infer(request, cancellation);
            await write(number, outputs);
            shadowing.Follow(model, version, request, outputs);
        }
        catch (Exception error)
        {
            outcome = OutcomeOf(error);
            throw;
        }
        finally
        {
            var time = clock.GetElapsedTime(came);
            Telemetry.RequestSeconds.Record(time.TotalSeconds, Label.OfModel(function.Engine.Model.Name), Outcomes[(int)outcome]);
            statistics.Of(model, number).Answered(outcome == RequestOutcome.Answered, time, clock.GetUtcNow());
        }
    }

    private static RequestOutcome OutcomeOf(Exception error) => Faults.Of(error).Status switch
    {
        StatusCodes.Status499ClientClosedRequest => RequestOutcome.Abandoned,
        < StatusCodes.Status500InternalServerError => RequestOutcome.Refused,
        _ => RequestOutcome.Failed,
    };

    /// <summary>The function, which may have to be loaded: its client waits no longer for that than for its turn.</summary>
    private async Task<ModelFunction> Function(string model, string? version, InferenceRequest request, long came, CancellationToken cancellation)
    {
        var function = models.Function(model, version, request.Id);
        if (function.IsCompleted) return await function;
        try
        {
            return await function.WaitAsync(request.Left(clock, came) ?? Timeout.InfiniteTimeSpan, clock, cancellation);
        }
        catch (TimeoutException)
        {
            throw ExpiredException.After(clock.GetElapsedTime(came), request.Timeout!.Value);
        }
    }
}
