namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds to Krmx what other packages bring.</summary>
public interface IKrmxBuilder
{
    /// <summary>The application's services.</summary>
    IServiceCollection Services { get; }
}
