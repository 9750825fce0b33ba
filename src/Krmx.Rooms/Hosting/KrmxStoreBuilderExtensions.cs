using Krmx.Storage;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Gives Krmx a store, so that rooms outlive their process.</summary>
public static class KrmxStoreBuilderExtensions
{
    /// <summary>Keeps rooms in a store; one in a package of its own has a method that calls this one.</summary>
    /// <param name="builder">What <c>AddKrmx</c> returned.</param>
    /// <param name="name">The method that is called, such as <c>UseSqlite</c>; for the error where there is a store already.</param>
    /// <param name="create">Makes the store, once, when it is needed first.</param>
    /// <exception cref="InvalidOperationException">There is a store already.</exception>
    public static IKrmxBuilder UseStore(this IKrmxBuilder builder, string name, Func<IServiceProvider, IRoomStore> create)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(create);
        if (builder.Services.FirstOrDefault(static service => service.ServiceType == typeof(UsedStore))?.ImplementationInstance is UsedStore used)
            throw new InvalidOperationException($"{name} was called after {used.Name}, and rooms are kept in one store. Remove one of the two calls.");
        builder.Services.AddSingleton(new UsedStore(name));
        builder.Services.AddSingleton(create);
        return builder;
    }

    private sealed record UsedStore(string Name);
}
