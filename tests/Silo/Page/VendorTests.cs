using System.Security.Cryptography;
using System.Text.Json;

namespace FlowGrain.Tests.Silo.Page;

/// <summary>What the page brings from elsewhere.</summary>
public sealed class VendorTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "silo", "wwwroot", "vendor");

    [Fact]
    public void Every_file_has_the_hash_that_is_written_down_and_no_other_file_is_there()
    {
        using var listed = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, "vendor.json")));
        var hashes = listed.RootElement.EnumerateArray().SelectMany(package => package.GetProperty("sha256").EnumerateObject(),
            (package, file) => $"{package.GetProperty("folder").GetString()}/{file.Name} {file.Value.GetString()}");
        var there = Directory.EnumerateDirectories(Folder).SelectMany(Directory.EnumerateFiles).Select(file => $"{Path.GetRelativePath(Folder, file)} {Sha256(file)}");
        Assert.Equal(hashes.Order(), there.Order());
    }

    [Fact]
    public void Every_package_has_its_licence_beside_it()
    {
        var packages = Directory.GetDirectories(Folder);
        Assert.NotEmpty(packages);
        Assert.All(packages, package => Assert.True(File.Exists(Path.Combine(package, "LICENSE")), package));
    }

    private static string Sha256(string file) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file)));
}
