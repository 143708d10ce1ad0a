using System.Reflection;
using FlowGrain.Cli.Output;
using FlowGrain.Serving;
using FlowGrain.Silo;
using FlowGrain.Training;
using Microsoft.Extensions.Options;

namespace FlowGrain.Cli;

/// <summary>From an exception to one sentence and an exit code.</summary>
internal static class Faults
{
    internal static int Report(Exception error, CliHost host, bool json, bool verbose)
    {
        var cause = Cause(error);
        if (cause is ReaderGoneException) return ExitCode.Ok; // head has its lines
        var code = Code(cause, host.Interrupts.Requested.IsCancellationRequested);
        Say(Sentence(cause, host.Interrupts, verbose), code, host, json);
        if (verbose) host.Error.WriteLine(error);
        return code;
    }

    /// <summary>Says on stderr what is wrong, and with <c>--json</c> as an object on stdout too.</summary>
    internal static void Say(string sentence, int code, CliHost host, bool json)
    {
        host.Error.WriteLine(sentence);
        if (json) host.Out.WriteLine(JsonLine.Of(new { Error = sentence, ExitCode = code }));
    }

    private static int Code(Exception cause, bool interrupted) => cause switch
    {
        BadInputException or RunConflictException or UnavailableException or OptionsValidationException => ExitCode.Usage,
        IOException or UnauthorizedAccessException => ExitCode.Usage, // a full or unreadable disk is the user's to mend
        ClusterUnreachableException => ExitCode.Unreachable,
        InvalidOperationException when SettingFaults.Of(cause) is not null => ExitCode.Usage,
        InterruptedException => ExitCode.Interrupted,
        OperationCanceledException when interrupted => ExitCode.Interrupted,
        _ => ExitCode.Failed,
    };

    private static string Sentence(Exception cause, Interrupts interrupts, bool verbose) => cause switch
    {
        OperationCanceledException when interrupts.Requested.IsCancellationRequested => $"Stopped by {interrupts.By}.",
        OperationCanceledException => "Interrupted.",
        BadInputException or RunConflictException or InterruptedException or FailedException or ClusterUnreachableException or UnavailableException => cause.Message,
        InvalidOperationException when SettingFaults.Of(cause) is { } fault => fault,
        OptionsValidationException settings => string.Join('\n', settings.Failures),
        IOException or UnauthorizedAccessException => FirstLine(cause.Message),
        _ when verbose => cause.Message,
        _ => $"{FirstLine(cause.Message)} (add --verbose for the stack trace)",
    };

    // The root cause first: a grain's exception can arrive wrapped.
    private static Exception Cause(Exception error) => error switch
    {
        AggregateException { InnerExceptions: var several } when several.All(one => one is OptionsValidationException) =>
            new OptionsValidationException("", typeof(object), several.Cast<OptionsValidationException>().SelectMany(one => one.Failures)),
        AggregateException or TargetInvocationException when error.InnerException is { } inner => Cause(inner),
        _ => error,
    };

    private static string FirstLine(string message) => message.Split('\n', 2)[0].TrimEnd('\r');
}
