using IncomingCalls.Conventions.Tests.Layers.Samples.Used;
using IncomingCalls.Conventions.Tests.Layers.Samples.Using;

namespace IncomingCalls.Conventions.Tests;

/// <summary>The reader of assemblies reads this one.</summary>
public class CompiledPackageTests
{
    private const string Project = "IncomingCalls.Conventions.Tests";

    private static readonly CompiledPackage Tests = CompiledPackage.Read(Project, Project, "tests");

    [Fact]
    public void Types_AreInTheFoldersOfTheirFiles()
    {
        Folder(nameof(CompiledPackageTests)).Should().Be("");
        Folder(nameof(FolderGraph)).Should().Be("Layers");
        Folder(nameof(AsField)).Should().Be("Layers/Samples/Used", "an enumeration has no instructions");
        Folder(nameof(IAsInterface)).Should().Be("Layers/Samples/Used");
        Folder(nameof(AsEvent)).Should().Be("Layers/Samples/Used");
        Folder(nameof(NeverUsed)).Should().Be("Layers/Samples/Used");
        Folder(nameof(Everything<>)).Should().Be("Layers/Samples/Using");
    }

    [Fact]
    public void Types_OfOtherProjectsAndOfGenerators_AreDistinguished()
    {
        Tests.Types.Single(type => type.Name == "OutputRecorder").Should().BeEquivalentTo(new { Project = "OutputCapture", Folder = "OutputCapture/" });
        Tests.Types.Should().NotContain(type => type.Name.StartsWith('<'), "the compiler made them");
        Tests.Types.Single(type => type.Name == nameof(SourceTests)).Should().BeEquivalentTo(new { IsPublic = true, Namespace = Project, Project });
    }

    [Fact]
    public void Uses_OfEveryKindAreFound()
    {
        var ways = Tests.Types.Where(type => type.Folder == "Layers/Samples/Used").Select(type => type.Name).ToArray();

        ways.Should().HaveCountGreaterThan(20);
        Tests.Uses.Where(use => use.From == nameof(Everything<>)).Select(use => use.To)
            .Should().BeEquivalentTo(ways.Except([nameof(NeverUsed)]));
        Tests.Uses.Should().NotContain(use => use.FromFolder == "Layers/Samples/Used" && use.ToFolder != use.FromFolder);
    }

    [Theory]
    [InlineData("/_/src/IncomingCalls/Calls/Wid.cs", "IncomingCalls/Calls/Wid.cs")]
    [InlineData("/home/me/src/calls/src/IncomingCalls/Calls/Wid.cs", "IncomingCalls/Calls/Wid.cs")]
    [InlineData(@"C:\calls\src\Shared\OptionsCheck.cs", "Shared/OptionsCheck.cs")]
    [InlineData("/home/me/src/calls/artifacts/obj/IncomingCalls/release/Generator/Wid.g.cs", null)]
    [InlineData("/elsewhere/Wid.cs", null)]
    public void Documents_AreNamedFromTheSources(string document, string? file) => SourceFiles.Below("src", document).Should().Be(file);

    private static string Folder(string name) => Tests.Types.Single(type => type.Name == name).Folder;
}
