namespace IncomingCalls.CrashTests.Tests.Faults;

/// <summary>A test that limits another process, which only Linux lets one do.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class LinuxFactAttribute : FactAttribute
{
    public LinuxFactAttribute()
    {
        if (!OperatingSystem.IsLinux())
        {
            Skip = "Only Linux has prlimit.";
        }
    }
}
