namespace FlowGrain.Cli.Doctor;

/// <summary>Runs checks so that none can hang or break the others.</summary>
internal sealed class Examination(TimeProvider clock)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    internal async Task<Check> Run(Func<CancellationToken, Task<Check>> check, CancellationToken cancellation)
    {
        try
        {
            return await Task.Run(() => check(cancellation), cancellation).WaitAsync(Limit, clock, cancellation);
        }
        catch (TimeoutException)
        {
            return new(Name(check), CheckStatus.Fail, $"no answer within {Limit.TotalSeconds:0} s", "try again when the machine is less busy");
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            return new(Name(check), CheckStatus.Fail, error.Message, "see the message");
        }
    }

    private static string Name(Func<CancellationToken, Task<Check>> check) => check.Method.DeclaringType!.Name.Replace("Check", "").ToLowerInvariant();
}
