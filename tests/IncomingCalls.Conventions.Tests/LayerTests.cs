using System.Xml.Linq;

namespace IncomingCalls.Conventions.Tests;

/// <summary>The folders of a package are its layers: each can be read with those below it, and none depends on those above.</summary>
public class LayerTests
{
    private static readonly Dictionary<string, string> Assemblies = new()
    {
        ["IncomingCalls"] = "IncomingCalls",
        ["IncomingCalls.AspNetCore"] = "IncomingCalls.AspNetCore",
        ["IncomingCalls.Cli"] = "incoming-calls",
        ["IncomingCalls.GreenApi"] = "IncomingCalls.GreenApi",
        ["IncomingCalls.Orleans"] = "IncomingCalls.Orleans",
        ["IncomingCalls.PostgreSql"] = "IncomingCalls.PostgreSql",
        ["IncomingCalls.Sqlite"] = "IncomingCalls.Sqlite",
        ["IncomingCalls.Testing"] = "IncomingCalls.Testing",
    };

    /// <summary>Orleans's JSON storage writes the full name of the type beside each state.</summary>
    private static readonly string[] NamespacesThatAreStored = ["StoredState"];

    public static TheoryData<string> Projects => [.. Assemblies.Keys];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Folders_DependOnEachOtherInOneDirection(string project)
    {
        var package = Read(project);

        package.Types.Should().HaveCountGreaterThan(10, "the symbols name the files of the types");
        AssertNone(new FolderGraph(package.Uses).DescribeCycles());
    }

    [Fact]
    public void CoreFolders_AllHaveALayer() =>
        Read("IncomingCalls").Types.Select(type => type.Folder).Distinct().Where(folder => LayerOrder.Core.Of(folder) is null).Order(StringComparer.Ordinal).Should().BeEmpty();

    [Fact]
    public void CoreFolders_DependOnlyOnLayersBelow() => AssertNone(LayerOrder.Core.DescribeUpwardUses(Read("IncomingCalls").Uses));

    /// <summary>A shared source file knows the public models of the core and nothing of the package that compiles it.</summary>
    [Theory]
    [MemberData(nameof(Projects))]
    public void SharedFiles_UseNoInternalTypeOfThePackage(string project)
    {
        var package = Read(project);
        var internalTypes = package.Types.Where(type => !type.IsPublic).Select(type => (type.Name, type.Folder)).ToHashSet();

        AssertNone(package.Uses
            .Where(use => use.FromFolder == CompiledPackage.Shared && use.ToFolder != CompiledPackage.Shared && internalTypes.Contains((use.To, use.ToFolder)))
            .Select(use => $"{use.From} -> {use.To}"));
    }

    /// <summary>
    /// Users of a package do not learn its folders: only internal types are named after them. An internal type in the file of a public
    /// one (the validator of an options class) shares the namespace of the file.
    /// </summary>
    [Theory]
    [MemberData(nameof(Projects))]
    public void InternalTypes_LiveInTheNamespaceOfTheirFolder(string project)
    {
        var types = Read(project).Types.Where(type => type.Project == project && !NamespacesThatAreStored.Contains(type.Name)).ToArray();
        var ofPublicTypes = types.Where(type => type.IsPublic).Select(type => (type.File, type.Namespace)).ToHashSet();
        var misplaced = types
            .Where(type => !type.IsPublic && !ofPublicTypes.Contains((type.File, type.Namespace)))
            .Select(type => (type.Name, type.Namespace, Expected: type.Folder.Length == 0 ? project : $"{project}.{type.Folder.Replace('/', '.')}"))
            .Where(type => type.Namespace != type.Expected)
            .GroupBy(type => $"{type.Namespace} should be {type.Expected}", type => type.Name)
            .Select(types => $"{types.Key}: {string.Join(", ", types.Order(StringComparer.Ordinal))}");

        AssertNone(misplaced.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void PublicTypesOfTheCore_LiveInFewNamespaces() =>
        Read("IncomingCalls").Types
            .Where(type => type.IsPublic && type.Namespace is not ("IncomingCalls" or "IncomingCalls.Inbox") && !type.Namespace.StartsWith("Microsoft.", StringComparison.Ordinal))
            .Select(type => $"{type.Namespace}.{type.Name}").Should().BeEmpty();

    [Theory]
    [MemberData(nameof(Projects))]
    public void Assemblies_HoldTheTypesOfTheirProjectAndSharedOnes(string project) =>
        Read(project).Types.Where(type => type.Project != project && type.Project != "Shared").Select(type => $"{type.Folder}: {type.Name}").Should().BeEmpty();

    /// <summary>Sources that several packages compile are in src/Shared, where their folder says so.</summary>
    [RepositoryFact]
    public void Projects_CompileNoFileOfAPackageFolder()
    {
        var source = Path.Combine(Repository.Root, "src");
        var foreign =
            from file in Repository.Files("*.csproj").Concat(Repository.Files("*.props")).Concat(Repository.Files("*.targets"))
            let folder = Path.GetDirectoryName(file)!
            from compile in XDocument.Load(file).Descendants("Compile")
            from include in ((string?)compile.Attribute("Include") ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            let path = Path.GetFullPath(include.Replace("$(MSBuildThisFileDirectory)", $"{folder}/", StringComparison.Ordinal), folder)
            where !include.StartsWith("@(SharedSource", StringComparison.Ordinal) && !IsBelow(path, Path.Combine(source, "Shared"))
            where IsBelow(folder, source) ? folder == source || !IsBelow(path, folder) : IsBelow(path, source)
            select $"{Repository.Relative(file)}: {include}";

        foreign.Should().BeEmpty();
    }

    /// <summary>Fails with every finding in full: together they are the list of what to move.</summary>
    private static void AssertNone(IEnumerable<string> findings)
    {
        var all = findings.ToArray();
        Assert.True(all.Length == 0, string.Join('\n', all));
    }

    private static bool IsBelow(string path, string folder) => $"{path}/".Replace('\\', '/').StartsWith($"{folder}/".Replace('\\', '/'), StringComparison.Ordinal);

    private static CompiledPackage Read(string project) => CompiledPackage.Read(project, Assemblies[project]);
}
