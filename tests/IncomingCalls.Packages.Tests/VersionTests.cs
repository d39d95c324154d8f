namespace IncomingCalls.Packages.Tests;

/// <summary>The version of a package comes from git, in a clone of this repository.</summary>
public sealed class VersionTests : IDisposable
{
    private static readonly string Project = Path.Combine("src", "IncomingCalls.Templates");

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("incoming-calls-version-");

    /// <summary>All states are tested in one clone, because its restore takes longer than everything else. MSBuild is asked for the version; one pack shows that it names the file.</summary>
    [GitFact]
    public async Task Version_OfAClone_FollowsItsHistoryItsTagsAndTheCommandLine()
    {
        var clone = Path.Combine(_folder.FullName, "clone");
        await GitAsync(_folder.FullName, "clone", "--quiet", "--no-tags", "--depth", "1", new Uri(PackedPackages.Repository).AbsoluteUri, clone);
        (await ProcessRun.RunDotnetAsync(clone, "restore", Project)).EnsureSucceeded();
        (await GetVersionAsync(clone)).Should().Be("0.1.0-alpha.0", "a shallow clone has no commits to count");

        await GitAsync(clone, "fetch", "--quiet", "--no-tags", "--unshallow", "origin", "HEAD");
        var first = await GetVersionAsync(clone);
        first.Should().MatchRegex("^0\\.1\\.0-alpha\\.0(\\.[0-9]+)?$");

        await CommitAsync(clone);
        HeightOf(await GetVersionAsync(clone)).Should().Be(HeightOf(first) + 1, "it grows with each commit");

        await GitAsync(clone, "tag", "v7.8.9");
        (await PackAsync(clone)).Should().Be("IncomingCalls.Templates.7.8.9.nupkg", "its version is that of the tag");

        await CommitAsync(clone);
        (await GetVersionAsync(clone)).Should().Be("7.8.10-alpha.0.1");
        (await GetVersionAsync(clone, "-p:Version=4.5.6-local")).Should().Be("4.5.6-local", "the command line takes precedence");

        Directory.Move(Path.Combine(clone, ".git"), Path.Combine(_folder.FullName, "moved"));
        (await GetVersionAsync(clone)).Should().Be("0.1.0", "sources without git have the version that they contain");
    }

    public void Dispose()
    {
        // Git writes its objects as read-only files, which Windows does not delete.
        foreach (var file in _folder.EnumerateFiles("*", SearchOption.AllDirectories))
        {
            file.Attributes = FileAttributes.Normal;
        }

        _folder.Delete(recursive: true);
    }

    private static int HeightOf(string version) => version.Split('.') is [.., var height] && version.Count(letter => letter == '.') == 4
        ? int.Parse(height, System.Globalization.CultureInfo.InvariantCulture)
        : 0;

    private static Task CommitAsync(string clone) =>
        GitAsync(clone, "-c", "user.name=Test", "-c", "user.email=test@example.com", "commit", "--quiet", "--allow-empty", "-m", "Change nothing");

    private static async Task GitAsync(string folder, params string[] arguments) =>
        (await ProcessRun.RunAsync(folder, "git", arguments)).EnsureSucceeded();

    /// <summary>Gets the version that <c>dotnet pack</c> would compute, without packing.</summary>
    private static async Task<string> GetVersionAsync(string clone, params string[] options) => (await ProcessRun.RunDotnetAsync(
        clone, ["msbuild", Project, "-t:MinVer", "-getProperty:PackageVersion", "-p:_IsPacking=true", .. options])).EnsureSucceeded().Output.Trim();

    /// <summary>Packs the package that has nothing to compile, and gets the name of its file.</summary>
    private async Task<string> PackAsync(string clone)
    {
        var folder = _folder.CreateSubdirectory("packages");
        (await ProcessRun.RunDotnetAsync(clone, "pack", Project, "-c", "Release", "-o", folder.FullName, "-v", "quiet", "--nologo", "--no-restore")).EnsureSucceeded();
        return folder.EnumerateFiles("*.nupkg").Single().Name;
    }
}

/// <summary>A test that needs git and a clone of the repository. Without them it is skipped, except under CI, where it fails.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class GitFactAttribute : FactAttribute
{
    public GitFactAttribute()
    {
        var programs = OperatingSystem.IsWindows() ? "git.exe" : "git";
        var folders = Environment.GetEnvironmentVariable("PATH")?.Split(Path.PathSeparator) ?? [];
        if (Environment.GetEnvironmentVariable("CI") != "true"
            && (!folders.Any(folder => File.Exists(Path.Combine(folder, programs))) || !Path.Exists(Path.Combine(PackedPackages.Repository, ".git"))))
        {
            Skip = "No git on the PATH, or the sources are no clone.";
        }
    }
}
