using System.Diagnostics;

namespace FlowGrain.Tests;

/// <summary>The scripts <c>test</c> and <c>.ci/run</c> in a small tree of their own, with a <c>dotnet</c> that builds nothing and a test program that only reports.</summary>
public sealed class TestScriptTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public TestScriptTests()
    {
        foreach (var folder in (string[])["main/.ci", "main/artifacts/bin/FlowGrain.Tests/release", "main/tests", "path"]) Directory.CreateDirectory(_folder.In(folder));
        foreach (var script in (string[])["test", ".ci/run"]) File.Copy(Path.Combine(Repository.Root, script), _folder.In($"main/{script}"));
        Program("path/dotnet", "[[ $1 != --list-sdks ]] || echo '10.0.400 [/usr/share/dotnet/sdk]'");
        Program("main/tests/asserted", "exit 0");
    }

    [Theory]
    [InlineData("passed=\"7\" failed=\"0\" skipped=\"2\" errors=\"0\"", 0, 0, "7 passed, 0 failed, 2 skipped")]
    [InlineData("passed=\"7\" failed=\"1\" skipped=\"0\" errors=\"0\"", 1, 1, "7 passed, 1 failed, 0 skipped")]
    [InlineData("passed=\"7\" failed=\"0\" skipped=\"0\" errors=\"1\"", 0, 1, "7 passed, 1 failed, 0 skipped")]
    [InlineData("passed=\"0\" failed=\"0\" skipped=\"0\" errors=\"0\"", 0, 1, "0 passed, 0 failed, 0 skipped")]
    public void The_last_line_counts_and_the_exit_code_follows(string counts, int programCode, int code, string last)
    {
        Reports(counts, programCode);
        Assert.Equal((code, last), Run("main/test"));
    }

    [Fact]
    public void A_test_program_that_dies_without_a_report_fails()
    {
        Program("main/artifacts/bin/FlowGrain.Tests/release/FlowGrain.Tests", "exit 134");
        Assert.Equal((1, "0 passed, 0 failed, 0 skipped"), Run("main/test"));
    }

    [Fact]
    public void A_build_that_fails_is_a_failure()
    {
        Program("path/dotnet", "[[ $1 != --list-sdks ]] && { echo 'X.cs(1,1): error CS1002: ; expected'; exit 1; }; echo '10.0.400 [/usr/share/dotnet/sdk]'");
        Assert.Equal((1, "0 passed, 0 failed, 0 skipped"), Run("main/test"));
    }

    [Fact]
    public void Tests_that_do_not_end_are_named_and_end_with_what_they_started()
    {
        const string Journal = "    A.Quick [STARTING]\n    A.Quick [FINISHED] Time: 0s\n    A.Slow(text: \"x [1]\") [STARTING]";
        Program("main/artifacts/bin/FlowGrain.Tests/release/FlowGrain.Tests", $"echo '{Journal}'; sleep 3600 & echo $! > {_folder.In("child")}; wait");
        var (code, last, error) = Spoken("main/test", ("TEST_MINUTES", "0.02"));
        Assert.Equal((1, "0 passed, 1 failed, 0 skipped"), (code, last));
        Assert.EndsWith("these still ran:\nA.Slow(text: \"x [1]\")", error.Trim());
        var child = File.ReadAllText(_folder.In("child")).Trim();
        Assert.True(SpinWait.SpinUntil(() => !Directory.Exists($"/proc/{child}"), TimeSpan.FromSeconds(30))); // until somebody has buried it
    }

    [Fact]
    public void What_failed_is_said_and_what_passed_is_not()
    {
        const string Journal = "    A.Quick [STARTING]\n    A.Quick [FINISHED] Time: 0s\n    A.Wrong [STARTING]\n    A.Wrong [FAIL]\n      it was 3\n    A.Wrong [FINISHED] Time: 0s";
        Program("main/artifacts/bin/FlowGrain.Tests/release/FlowGrain.Tests", $"echo '{Journal}'; exit 1");
        Assert.Equal("building\ntesting\n    A.Wrong [FAIL]\n      it was 3\nNo test ran.", Spoken("main/test").Error.Trim());
    }

    [Fact]
    public void Without_the_sdk_it_says_which_to_install()
    {
        Program("path/dotnet", "echo '8.0.100 [/usr/share/dotnet/sdk]'");
        var (code, last, error) = Spoken("main/test");
        Assert.Equal((1, "0 passed, 0 failed, 0 skipped"), (code, last));
        Assert.StartsWith("The tests are built with the .NET 10 SDK, and this dotnet has 8.0.100; install the .NET 10 SDK", error);
    }

    [Fact]
    public void A_skipped_test_fails_only_where_the_machine_has_everything()
    {
        Reports("passed=\"7\" failed=\"0\" skipped=\"2\" errors=\"0\"", code: 0);
        Assert.Equal((0, "7 passed, 0 failed, 2 skipped"), Run("main/.ci/run"));
        Directory.CreateDirectory(_folder.In("shared"));
        Assert.Equal((1, "7 passed, 0 failed, 2 skipped"), Run("main/.ci/run"));
    }

    [Fact]
    public void An_assertion_that_fails_is_a_failure()
    {
        Reports("passed=\"7\" failed=\"0\" skipped=\"0\" errors=\"0\"", code: 0);
        Assert.Equal((0, "7 passed, 0 failed, 0 skipped"), Run("main/.ci/run"));
        Program("main/tests/asserted", "exit 1");
        Assert.Equal((1, "7 passed, 0 failed, 0 skipped"), Run("main/.ci/run"));
    }

    [Fact]
    public void A_test_of_instructions_that_the_processor_lacks_may_be_skipped_anywhere()
    {
        Directory.CreateDirectory(_folder.In("shared"));
        const string Reason = "<reason><![CDATA[This processor has no AVX-512.]]></reason>";
        Reports("passed=\"7\" failed=\"0\" skipped=\"2\" errors=\"0\"", code: 0, Reason + "\n" + Reason);
        Assert.Equal((0, "7 passed, 0 failed, 2 skipped"), Run("main/.ci/run"));
        Reports("passed=\"7\" failed=\"0\" skipped=\"2\" errors=\"0\"", code: 0, Reason);
        Assert.Equal((1, "7 passed, 0 failed, 2 skipped"), Run("main/.ci/run"));
    }

    public void Dispose() => _folder.Dispose();

    private void Reports(string counts, int code, string more = "") => Program(
        "main/artifacts/bin/FlowGrain.Tests/release/FlowGrain.Tests",
        $"""while [[ $1 != -result-xml ]]; do shift; done; echo '<assemblies><assembly name="x" {counts} total="9">{more}' >"$2"; exit {code}""");

    private void Program(string path, string script)
    {
        _folder.Write(path, $"#!/usr/bin/env bash\n{script}\n");
        using var chmod = Process.Start("chmod", ["+x", _folder.In(path)]);
        chmod.WaitForExit();
    }

    private (int Code, string LastLine) Run(string script)
    {
        var (code, last, _) = Spoken(script);
        return (code, last);
    }

    private (int Code, string LastLine, string Error) Spoken(string script, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo("bash", [_folder.In(script)]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PATH"] = $"{_folder.In("path")}:{Environment.GetEnvironmentVariable("PATH")}";
        foreach (var (name, value) in environment) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output.TrimEnd('\n').Split('\n')[^1], error.Result);
    }
}
