using System.Xml.Linq;

namespace IncomingCalls.Conventions.Tests;

/// <summary>The folders of a package are its modules: each can be read with those below it, and none needs the ones above.</summary>
public class LayerTests
{
    private static readonly Dictionary<string, string> Assemblies = new()
    {
        ["IncomingCalls"] = "IncomingCalls",
        ["IncomingCalls.AspNetCore"] = "IncomingCalls.AspNetCore",
        ["IncomingCalls.Cli"] = "incoming-calls",
        ["IncomingCalls.GreenApi"] = "IncomingCalls.GreenApi",
        ["IncomingCalls.Orleans"] = "IncomingCalls.Orleans",
        ["IncomingCalls.Sqlite"] = "IncomingCalls.Sqlite",
        ["IncomingCalls.Testing"] = "IncomingCalls.Testing",
    };

    public static TheoryData<string> Projects => [.. Assemblies.Keys];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Folders_NeedEachOtherInOneDirection(string project)
    {
        var package = Read(project);

        package.Types.Should().HaveCountGreaterThan(10, "the symbols tell the files of the types");
        None(new FolderGraph(package.Uses).DescribeCycles());
    }

    [Fact]
    public void CoreFolders_AllHaveALayer() =>
        Read("IncomingCalls").Types.Select(type => type.Folder).Distinct().Where(folder => LayerOrder.Core.Of(folder) is null).Order(StringComparer.Ordinal).Should().BeEmpty();

    [Fact]
    public void CoreFolders_NeedOnlyTheLayersBelow() => None(LayerOrder.Core.DescribeUpwardUses(Read("IncomingCalls").Uses));

    [Theory]
    [MemberData(nameof(Projects))]
    public void SharedFiles_NeedNoTypeOfThePackage(string project) =>
        None(Read(project).Uses.Where(use => use.FromFolder == CompiledPackage.Shared && use.ToFolder != CompiledPackage.Shared).Select(use => $"{use.From} -> {use.To}"));

    /// <summary>Users of a package do not learn its folders: only what is not public is named after them.</summary>
    [Theory]
    [MemberData(nameof(Projects))]
    public void InternalTypes_LiveInTheNamespaceOfTheirFolder(string project)
    {
        var misplaced = Read(project).Types
            .Where(type => !type.IsPublic && type.Project == project)
            .Select(type => (type.Name, type.Namespace, Expected: type.Folder.Length == 0 ? project : $"{project}.{type.Folder.Replace('/', '.')}"))
            .Where(type => type.Namespace != type.Expected)
            .GroupBy(type => $"{type.Namespace} should be {type.Expected}", type => type.Name)
            .Select(types => $"{types.Key}: {string.Join(", ", types.Order(StringComparer.Ordinal))}");

        None(misplaced.Order(StringComparer.Ordinal));
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

    /// <summary>What several packages compile in is in src/Shared, where whoever changes it sees that.</summary>
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
            where !IsBelow(path, Path.Combine(source, "Shared"))
            where IsBelow(folder, source) ? folder == source || !IsBelow(path, folder) : IsBelow(path, source)
            select $"{Repository.Relative(file)}: {include}";

        foreign.Should().BeEmpty();
    }

    /// <summary>Tells all complaints in full: they are the list of what to move.</summary>
    private static void None(IEnumerable<string> complaints)
    {
        var all = complaints.ToArray();
        Assert.True(all.Length == 0, string.Join('\n', all));
    }

    private static bool IsBelow(string path, string folder) => $"{path}/".Replace('\\', '/').StartsWith($"{folder}/".Replace('\\', '/'), StringComparison.Ordinal);

    private static CompiledPackage Read(string project) => CompiledPackage.Read(project, Assemblies[project]);
}
