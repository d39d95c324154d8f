using IncomingCalls.Orleans.Calls;
using Orleans.Placement;

namespace IncomingCalls.Orleans.Tests.Cluster;

public class GrainAttributeTests
{
    [Fact]
    public void Grains_All_AreImmovable()
    {
        var grains = typeof(CallGrain).Assembly.GetTypes().Where(type => type.IsClass && type.IsAssignableTo(typeof(IGrainBase)) && !type.IsAssignableTo(typeof(GrainReference)));

        grains.Should().HaveCountGreaterThan(4).And.OnlyContain(type => type.IsDefined(typeof(ImmovableAttribute), false));
    }
}
