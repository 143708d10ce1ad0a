using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using FlowGrain.Tests.Cluster;
using static FlowGrain.Tests.Deploy.Deployment;

namespace FlowGrain.Tests.Deploy;

/// <summary>The image, as far as it can be proved without an engine that builds it.</summary>
public sealed partial class DockerfileTests
{
    private static readonly Dockerfile File = Dockerfile.Read();

    [Fact]
    public void It_begins_with_versions_and_ends_with_a_user_who_is_not_root()
    {
        Assert.All(File.Of("FROM"), from => Assert.True(IsPinned(from.Words[0]), from.Rest));
        Assert.Matches("^[1-9][0-9]*:[1-9][0-9]*$", File.Of("USER").Last().Rest);
        Assert.DoesNotContain(File.Instructions.SkipWhile(instruction => instruction.Verb != "USER"), instruction => instruction.Verb is "RUN" or "COPY");
        Assert.Contains($"flowgrain:{Release} .", System.IO.File.ReadAllText(In("deploy/Dockerfile")));
    }

    [Fact]
    public void What_it_copies_is_there_and_goes_to_the_engine()
    {
        Assert.NotEmpty(File.Sources);
        Assert.All(File.Sources, path => Assert.True(Path.Exists(In(path)) && Dockerfile.IsSent(path), path));
        Assert.False(Dockerfile.IsSent("tests"));
        Assert.False(Dockerfile.IsSent("silo/obj/x"));
        string[] stages = [.. File.Of("FROM").Select(from => from.Words[^1])];
        Assert.All(File.Of("COPY").Where(copy => copy.IsFromStage), copy => Assert.Contains(copy.Words.Single(word => word.StartsWith("--from=", StringComparison.Ordinal))["--from=".Length..], stages));
    }

    [Fact]
    public void Its_target_chooses_the_package_of_torch()
    {
        Assert.Contains(File.Of("ARG"), argument => argument.Rest == "TARGET=cpu");
        var builds = File.Of("RUN").Where(run => run.Rest.StartsWith("dotnet ", StringComparison.Ordinal)).ToList();
        Assert.Equal(2, builds.Count);
        Assert.All(builds, run => Assert.Contains("-p:Torch=${TARGET}", run.Words));
        var project = System.IO.File.ReadAllText(In("flows/FlowGrain.Flows.csproj"));
        Assert.All(["cpu", "cuda"], target => Assert.Contains($"Condition=\"'$(Torch)' == '{target}'\"", project));
    }

    [Fact]
    public async Task A_silo_takes_its_settings_and_one_without_keys_is_refused()
    {
        Assert.Empty(await SiloEnvironment.Faults([.. File.Environment, KeyValuePair.Create("Auth__KeysFile", "keys.json")]));
        Assert.Contains("open to the network without keys", Assert.Single(await SiloEnvironment.Faults(File.Environment)));
        Assert.Equal("No silo reads STORAGE.", Assert.Single(await SiloEnvironment.Faults([KeyValuePair.Create("STORAGE", "/data")])));
        Assert.Contains("did you mean Storage:Root?", Assert.Single(await SiloEnvironment.Faults([KeyValuePair.Create("Storage__Roots", "/data")])));
        Assert.Contains("There is no section 'Storag' of settings; did you", Assert.Single(await SiloEnvironment.Faults([KeyValuePair.Create("Storag__Root", "/data")])));
    }

    [Fact]
    public void Its_health_check_is_in_it_and_asks_for_what_a_silo_answers()
    {
        var check = File.Of("HEALTHCHECK").Single().Rest;
        Assert.EndsWith("CMD [\"healthy\", \"8080\", \"/livez\"]", check, StringComparison.Ordinal);
        Assert.True(IsHealthPath("/livez"));
        Assert.Contains(File.Of("COPY"), copy => copy.Sources is ["deploy/healthy"] && copy.Target == "/usr/local/bin/healthy" && copy.Words.Contains("--chmod=0555"));
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\n\r\nok\n", 0)]
    [InlineData("HTTP/1.1 503 Service Unavailable\r\n\r\ndraining\n", 1)]
    [InlineData("", 1)]
    public async Task The_health_check_says_what_the_silo_says(string answer, int code)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var check = Process.Start(new ProcessStartInfo(In("deploy/healthy"), [$"{((IPEndPoint)listener.LocalEndpoint).Port}", "/livez"]) { RedirectStandardError = true })!;
        using (var client = await listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken))
        {
            var asked = new byte["GET /livez HTTP/1.0\r\nHost: localhost\r\n\r\n".Length];
            await client.GetStream().ReadExactlyAsync(asked, TestContext.Current.CancellationToken);
            Assert.StartsWith("GET /livez ", Encoding.ASCII.GetString(asked), StringComparison.Ordinal);
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(answer), TestContext.Current.CancellationToken);
        }

        await check.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(code == 0, check.ExitCode == 0);
    }

    [Fact]
    public async Task The_health_check_fails_where_nobody_listens()
    {
        using var check = Process.Start(new ProcessStartInfo(In("deploy/healthy"), [$"{Ports.Free()}", "/livez"]) { RedirectStandardError = true })!;
        await check.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.NotEqual(0, check.ExitCode);
    }

    /// <summary>Minutes, since it compiles everything: what the build stage of the image does, in a folder with the files that an engine would get.</summary>
    [Fact(Explicit = true)]
    public async Task What_the_engine_gets_is_enough_to_build_and_libtorch_is_a_layer_of_its_own()
    {
        using var folder = new TempFolder();
        var source = Directory.CreateDirectory(folder.In("source")).FullName;
        foreach (var step in File.Instructions.SkipWhile(step => step.Verb != "WORKDIR").TakeWhile(step => step.Verb != "FROM"))
        {
            if (step.Verb == "COPY") Send(step, source);
            if (step.Verb == "RUN") await Run(source, "bash", "-c", step.Rest.Replace("${TARGET}", "cpu").Replace(" /app", $" {folder.In("app")}").Replace(" /libtorch", $" {folder.In("libtorch")}").Replace(" /data", $" {folder.In("data")}"));
        }

        Assert.True(System.IO.File.Exists(folder.In("app/FlowGrain.Silo.dll")));
        var (torch, silo) = (Megabytes(folder.In("libtorch")), Megabytes(folder.In("app")));
        TestContext.Current.TestOutputHelper!.WriteLine($"libtorch {torch} MB, the silo {silo} MB");
        var stated = Stated().Match(System.IO.File.ReadAllText(In("deploy/Dockerfile"))).Groups;
        Assert.All([(torch, stated[1]), (silo, stated[2])], layer => Assert.InRange(double.Parse(layer.Item2.Value, CultureInfo.InvariantCulture) / layer.Item1, 0.9, 1.1));
    }

    private static void Send(Dockerfile.Instruction copy, string folder)
    {
        foreach (var path in copy.Sources.SelectMany(path => Directory.Exists(In(path)) ? Directory.EnumerateFiles(In(path), "*", SearchOption.AllDirectories) : [In(path)]))
        {
            var name = Path.GetRelativePath(Repository.Root, path);
            if (!Dockerfile.IsSent(name)) continue;
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder, name))!);
            System.IO.File.Copy(path, Path.Combine(folder, name), overwrite: true);
        }
    }

    [GeneratedRegex(@"libtorch \((\d+) MB\) and the silo itself \((\d+) MB\)")]
    private static partial Regex Stated();

    private static long Megabytes(string folder) => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Sum(path => new FileInfo(path).Length) / 1_000_000;
}
