namespace IncomingCalls.Packages.Tests;

/// <summary>The version of a package comes from git, in a clone of this repository.</summary>
public sealed class VersionTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("incoming-calls-version-");

    /// <summary>All states are tested in one clone, because the restore of a clone takes longer than all packs.</summary>
    [GitFact]
    public async Task Version_OfAClone_FollowsItsCommitsTagsAndTheCommandLine()
    {
        var clone = await CloneAsync("--no-tags");
        var first = await PackVersionAsync(clone);
        first.Should().MatchRegex("^0\\.1\\.0-alpha\\.0(\\.[0-9]+)?$");

        await CommitAsync(clone);
        HeightOf(await PackVersionAsync(clone, "--no-restore")).Should().Be(HeightOf(first) + 1, "it grows with each commit");

        (await ProcessRun.RunAsync(clone, "git", "tag", "v7.8.9")).EnsureSucceeded();
        (await PackVersionAsync(clone, "--no-restore")).Should().Be("7.8.9", "it is that of the tag");

        await CommitAsync(clone);
        (await PackVersionAsync(clone, "--no-restore")).Should().Be("7.8.10-alpha.0.1");
        (await PackVersionAsync(clone, "--no-restore", "-p:Version=4.5.6-local")).Should().Be("4.5.6-local", "the command line takes precedence");

        Directory.Move(Path.Combine(clone, ".git"), Path.Combine(_folder.FullName, "moved"));
        (await PackVersionAsync(clone, "--no-restore")).Should().Be("0.1.0", "sources without git have the version that they contain");
    }

    [GitFact]
    public async Task Version_ShallowClone_HasNoCount()
    {
        var clone = await CloneAsync("--no-tags", "--depth", "1");

        (await PackVersionAsync(clone)).Should().Be("0.1.0-alpha.0");
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

    private static async Task CommitAsync(string clone) =>
        (await ProcessRun.RunAsync(clone, "git", "-c", "user.name=Test", "-c", "user.email=test@example.com", "commit", "--quiet", "--allow-empty", "-m", "Change nothing")).EnsureSucceeded();

    private async Task<string> CloneAsync(params string[] options)
    {
        (await ProcessRun.RunAsync(
            _folder.FullName, "git", ["clone", "--quiet", .. options, new Uri(PackedPackages.Repository).AbsoluteUri, "clone"])).EnsureSucceeded();
        return Path.Combine(_folder.FullName, "clone");
    }

    /// <summary>Packs the package that has nothing to compile, and gets the version of its file.</summary>
    private async Task<string> PackVersionAsync(string clone, params string[] options)
    {
        var folder = _folder.CreateSubdirectory(Guid.NewGuid().ToString("N")).FullName;
        (await ProcessRun.RunDotnetAsync(
            clone, ["pack", Path.Combine("src", "IncomingCalls.Templates"), "-c", "Release", "-o", folder, "-v", "quiet", "--nologo", .. options])).EnsureSucceeded();
        return Path.GetFileNameWithoutExtension(Directory.EnumerateFiles(folder, "*.nupkg").Single())["IncomingCalls.Templates.".Length..];
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
