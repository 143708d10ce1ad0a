using System.Globalization;
using Grpc.Core;

namespace FlowGrain.Silo.Inference.Grpc;

/// <summary>
/// Blames the client for a message that cannot be read. Whatever a call throws has its status by <see cref="GrpcFaults"/>; a message
/// is read before, and the framework says no more of it than that something failed.
/// </summary>
internal static class UnreadableMessages
{
    private const string StatusHeader = "grpc-status", SentenceHeader = "grpc-message";
    private const string Failed = "The silo failed; its log says how.";
    private const string Sentence = "The message cannot be read as what this call takes; build it from the Open Inference Protocol's open_inference_grpc.proto.";

    /// <summary>Answers a call.</summary>
    internal static async Task Blame(HttpContext context, RequestDelegate next)
    {
        await next(context);
        var headers = context.Response.Headers; // which have the status where no message is answered
        if (context.Response.HasStarted || headers[StatusHeader] != Text(StatusCode.Unknown)) return;
        var (status, sentence) = context.Features.Get<ReadMessage>() is null ? (StatusCode.InvalidArgument, Sentence) : (StatusCode.Internal, Failed);
        (headers[StatusHeader], headers[SentenceHeader]) = (Text(status), sentence);
    }

    private static string Text(StatusCode status) => ((int)status).ToString(CultureInfo.InvariantCulture);
}

/// <summary>Marks a call whose message was read: what fails then is not its client's fault.</summary>
internal sealed class ReadMessage
{
    internal static readonly ReadMessage Instance = new();

    private ReadMessage()
    {
    }
}
