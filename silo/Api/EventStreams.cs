using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FlowGrain.Silo.Api;

/// <summary>Streams of events that end with the silo: their clients go on elsewhere, and to the log that is no fault.</summary>
internal static class EventStreams
{
    extension(IHostApplicationLifetime life)
    {
        /// <summary>Answers with events until there are none, the client leaves or the silo stops.</summary>
        internal ServerSentEventsResult<T> Events<T>(IAsyncEnumerable<SseItem<T>> events) => TypedResults.ServerSentEvents(Until(life.ApplicationStopping, events));
    }

    extension(HttpRequest request)
    {
        /// <summary>Whether the client wants to be told how far a job is.</summary>
        internal bool AcceptsEvents() => request.GetTypedHeaders().Accept.Any(media => media.MediaType.Equals("text/event-stream", StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Events until there are none, or the silo stops.</summary>
    internal static async IAsyncEnumerable<T> Until<T>(CancellationToken stopping, IAsyncEnumerable<T> events, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, stopping);
        await using var reader = events.GetAsyncEnumerator(either.Token);
        while (await Advances()) yield return reader.Current;

        async Task<bool> Advances()
        {
            try
            {
                return await reader.MoveNextAsync();
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return false;
            }
        }
    }
}
