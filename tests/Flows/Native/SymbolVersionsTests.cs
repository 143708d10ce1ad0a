using FlowGrain.Flows.Native;

namespace FlowGrain.Tests.Flows.Native;

/// <summary>The mend changes one flag, or nothing.</summary>
public sealed class SymbolVersionsTests
{
    private static readonly byte[] Original = File.ReadAllBytes(NativeFolders.OfPackages().TorchSharpFile);

    [Fact]
    public void The_mended_library_differs_from_the_original_in_one_flag()
    {
        var mended = Original.ToArray();
        Assert.True(SymbolVersions.MakeWeak(mended, "GLIBCXX_3.4.32"));

        var changed = Enumerable.Range(0, Original.Length).Where(at => Original[at] != mended[at]).ToArray();
        Assert.Equal((0, 2), (Original[Assert.Single(changed)], mended[changed[0]]));
    }

    [Fact]
    public void Mending_twice_is_mending_once()
    {
        var once = Original.ToArray();
        SymbolVersions.MakeWeak(once, "GLIBCXX_3.4.32");
        var twice = once.ToArray();
        SymbolVersions.MakeWeak(twice, "GLIBCXX_3.4.32");
        Assert.Equal(once, twice);
    }

    [Fact]
    public void A_library_that_does_not_demand_the_version_is_left_alone()
    {
        var library = Original.ToArray();
        Assert.False(SymbolVersions.MakeWeak(library, "GLIBCXX_9.9.99"));
        Assert.Equal(Original, library);
    }

    [Fact]
    public void A_library_without_any_demand_is_left_alone()
    {
        var header = Original[..64];
        header.AsSpan(0x3C, 2).Clear(); // no sections
        Assert.False(SymbolVersions.MakeWeak(header, "GLIBCXX_3.4.32"));
    }

    [Theory, InlineData(0), InlineData(5), InlineData(100)]
    public void A_file_that_is_no_library_is_refused_with_a_sentence(int length)
    {
        var error = Assert.Throws<InvalidDataException>(() => SymbolVersions.MakeWeak(new byte[length], "GLIBCXX_3.4.32"));
        Assert.Contains("not a 64-bit little-endian ELF library", error.Message);
    }

    [Theory, InlineData(16), InlineData(64), InlineData(100_000), InlineData(2_000_000)]
    public void A_cut_off_library_is_refused_with_a_sentence(int length)
    {
        var error = Assert.Throws<InvalidDataException>(() => SymbolVersions.MakeWeak(Original[..length], "GLIBCXX_3.4.32"));
        Assert.Contains($"ends at byte {length}", error.Message);
    }

    [Fact]
    public void Random_damage_ends_in_a_result_or_a_sentence()
    {
        var random = new Random(1);
        for (var round = 0; round < 300; round++)
        {
            var library = Original.ToArray();
            Damage(library, random);
            var error = Record.Exception(() => SymbolVersions.MakeWeak(library, "GLIBCXX_3.4.32"));
            Assert.True(error is null or InvalidDataException, $"round {round}: {error}");
        }
    }

    // The header, the section table at the end, and the demands themselves.
    private static void Damage(byte[] library, Random random)
    {
        foreach (var (start, length) in new[] { (0x28, 24), (library.Length - 2048, 2048), (0x3f8f0, 0x210) })
            library[start + random.Next(length)] = (byte)random.Next(256);
    }
}
