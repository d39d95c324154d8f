namespace IncomingCalls.Conventions.Tests;

/// <summary>A test that reads the sources; skipped where only the built tests are.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RepositoryFactAttribute : FactAttribute
{
    public RepositoryFactAttribute()
    {
        if (!File.Exists(Path.Combine(Repository.Root, "IncomingCalls.sln")) && Environment.GetEnvironmentVariable("CI") != "true")
        {
            Skip = "The sources are not where these tests were built.";
        }
    }
}
