using System.Diagnostics;
using FlowGrain.Tests.Grains.Serving;

namespace FlowGrain.Tests.Client.Processes;

/// <summary>Commands whose output somebody reads through a pipe.</summary>
public sealed class PipeTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact(Timeout = 120_000)]
    public async Task A_command_ends_with_0_when_its_reader_has_enough()
    {
        StoredModels.In(_folder.In("home")).Publish(StoredModels.Some("m"), []);
        var program = RealProcess.Program("FlowGrain.Cli", "flowgrain.dll");
        using var shell = Process.Start(new ProcessStartInfo("bash", ["-c", "dotnet \"$0\" sample --model m -n 2000000000 --home \"$1\" --quiet | head -n 2; echo ${PIPESTATUS[0]}", program, _folder.In("home")]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, errors) = (shell.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), shell.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
        try
        {
            Assert.Equal(["x0,x1", "0"], (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries) is [var header, _, var code] ? [header, code] : [await output]);
            Assert.Equal("", await errors);
        }
        finally
        {
            shell.Kill(entireProcessTree: true);
        }
    }
}
