using System.IO.Compression;
using System.Reflection.Metadata;
using System.Xml.Linq;

namespace IncomingCalls.Packages.Tests;

[Collection(nameof(PackedPackages))]
public class PackageTests(PackedPackages packages)
{
    private static readonly string[] NonLibraryPackages = ["IncomingCalls.Cli", "IncomingCalls.Templates"];

    [Fact]
    public void Pack_AllProjects_CreatesOnePackageEach() =>
        OpenPackages().Select(package => package.Id).Should().BeEquivalentTo(
            Directory.EnumerateDirectories(Path.Combine(PackedPackages.Repository, "src"), "IncomingCalls*").Select(Path.GetFileName));

    [Fact]
    public void Pack_EveryPackage_HasDescriptionTagsLicenseReadmeAndIcon()
    {
        foreach (var (id, archive) in OpenPackages())
        {
            using var package = archive;
            var metadata = XDocument.Load(package.GetEntry($"{id}.nuspec")!.Open()).Root!.Elements().Single().Elements().ToLookup(element => element.Name.LocalName);
            metadata["license"].Single().Value.Should().Be("MIT", id);
            metadata["description"].Single().Value.Should().NotBe("Package Description", id);
            metadata["tags"].Single().Value.Should().Contain("green-api", id);
            package.GetEntry(metadata["readme"].Single().Value).Should().NotBeNull(id);
            package.GetEntry(metadata["icon"].Single().Value).Should().NotBeNull(id);
        }
    }

    [Fact]
    public void Pack_Library_ContainsDocumentationAndSymbols()
    {
        foreach (var (id, archive) in OpenPackages().Where(package => !NonLibraryPackages.Contains(package.Id)))
        {
            using var package = archive;
            package.GetEntry($"lib/net10.0/{id}.xml").Should().NotBeNull(id);
            using var symbols = ZipFile.OpenRead(Path.Combine(packages.Folder, $"{id}.{packages.Version}.snupkg"));
            symbols.GetEntry($"lib/net10.0/{id}.pdb").Should().NotBeNull(id);
        }
    }

    [Fact]
    public void Pack_Library_SymbolsContainNoLocalPath()
    {
        foreach (var (id, archive) in OpenPackages().Where(package => !NonLibraryPackages.Contains(package.Id)))
        {
            archive.Dispose();
            using var symbols = ZipFile.OpenRead(Path.Combine(packages.Folder, $"{id}.{packages.Version}.snupkg"));
            using var content = symbols.GetEntry($"lib/net10.0/{id}.pdb")!.Open();
            using var copy = new MemoryStream();
            content.CopyTo(copy);
            copy.Position = 0;
            using var provider = MetadataReaderProvider.FromPortablePdbStream(copy);
            var reader = provider.GetMetadataReader();

            var sources = reader.Documents.Select(document => reader.GetString(reader.GetDocument(document).Name)).ToArray();

            sources.Should().NotBeEmpty().And.OnlyContain(source => !source.StartsWith(PackedPackages.Repository, StringComparison.Ordinal), id);
        }
    }

    private IEnumerable<(string Id, ZipArchive Archive)> OpenPackages() => Directory.EnumerateFiles(packages.Folder, "*.nupkg")
        .Select(file => (Path.GetFileNameWithoutExtension(file).Replace($".{packages.Version}", "", StringComparison.Ordinal), ZipFile.OpenRead(file)));
}
