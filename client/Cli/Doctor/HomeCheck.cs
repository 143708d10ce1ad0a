using FlowGrain.Storage;

namespace FlowGrain.Cli.Doctor;

/// <summary>Whether the home folder can be written.</summary>
internal sealed class HomeCheck(string home)
{
    internal async Task<Check> Run(CancellationToken cancellation)
    {
        var probe = Path.Combine(home, $".doctor.{Environment.ProcessId}");
        try
        {
            Durable.CreateFolder(home);
            await File.WriteAllTextAsync(probe, "", cancellation);
            File.Delete(probe);
            return new("home", CheckStatus.Ok, $"{home} is writable");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return new("home", CheckStatus.Fail, $"{home} is not writable: {error.Message}", "choose another folder with --home or FLOWGRAIN_HOME");
        }
    }
}
