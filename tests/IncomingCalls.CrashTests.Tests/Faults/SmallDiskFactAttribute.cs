namespace IncomingCalls.CrashTests.Tests.Faults;

/// <summary>A test on a disk that can be filled. The right to mount one cannot be installed, so without it the test is skipped, under CI too.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SmallDiskFactAttribute : FactAttribute
{
    public SmallDiskFactAttribute() => Skip = SmallDisk.Obstacle;
}
