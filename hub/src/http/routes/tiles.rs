//! What a cashier taps instead of scanning it: favourites, and categories to look through.

use std::sync::Arc;

use actix_web::{HttpResponse, get, web};
use serde::{Deserialize, Serialize};
use store_core::catalogue::{Catalogue, Department};
use store_core::policy::{CategoryTile, Tile};
use utoipa::{IntoParams, ToSchema};

use super::items::ItemView;
use crate::access::Session;
use crate::store::Store;

/// Most items of one page: more than a screen shows.
const PAGE_MAX: usize = 60;

#[derive(Debug, Serialize, ToSchema)]
struct FavouriteGroup {
    /// What it is called.
    #[schema(value_type = String)]
    label: Arc<str>,
    /// In the order in which they are shown.
    tiles: Vec<FavouriteTile>,
}

#[derive(Debug, Serialize, ToSchema)]
struct FavouriteTile {
    /// What it is called.
    #[schema(value_type = String)]
    label: Arc<str>,
    /// The item.
    item: ItemView,
}

/// What a cashier taps instead of scanning it, as headquarters or the store chose it; items
/// that are not sold here are left out.
#[utoipa::path(
    tag = "items",
    responses((status = 200, description = "In the order of the screen", body = [FavouriteGroup])),
)]
#[get("/favourites")]
pub async fn favourites(store: web::Data<Store>, _session: Session) -> HttpResponse {
    let (catalogue, favourites) = (store.shelf.catalogue(), store.policy.favourites());
    let today = store.day_in_force();
    let tile = |tile: &Tile| {
        let item = ItemView::of(catalogue.item(&tile.item)?, today);
        Some(FavouriteTile { label: tile.label.clone(), item })
    };
    let groups = favourites.groups.iter().map(|group| FavouriteGroup {
        label: group.label.clone(),
        tiles: group.tiles.iter().filter_map(tile).collect(),
    });
    let groups: Vec<FavouriteGroup> = groups.filter(|group| !group.tiles.is_empty()).collect();
    HttpResponse::Ok().json(groups)
}

/// A department, or a category of one.
#[derive(Debug, Serialize, ToSchema)]
struct CategoryView {
    /// What it is called; empty for the items of no department.
    #[schema(value_type = String)]
    label: Arc<str>,
    /// The department, as the catalogue calls it.
    #[schema(value_type = String)]
    department: Arc<str>,
    /// The category; none where it is the whole department.
    #[schema(value_type = Option<String>)]
    category: Option<Arc<str>>,
    /// How many items it has.
    items: usize,
    /// The categories of a whole department, where it has several.
    #[schema(no_recursion)]
    within: Vec<CategoryView>,
}

impl CategoryView {
    fn whole(department: &Department, label: Arc<str>) -> Self {
        let within = |one: &store_core::catalogue::Category| Self {
            label: one.name.clone(),
            department: department.name.clone(),
            category: Some(one.name.clone()),
            items: one.len(),
            within: Vec::new(),
        };
        let has_several = department.categories.len() > 1;
        Self {
            label,
            department: department.name.clone(),
            category: None,
            items: department.count(None),
            within: if has_several {
                department.categories.iter().map(within).collect()
            } else {
                Vec::new()
            },
        }
    }

    /// What was chosen; none where nothing of it is sold here.
    fn chosen(tile: &CategoryTile, catalogue: &Catalogue) -> Option<Self> {
        let mut departments = catalogue.departments().iter();
        let department = departments.find(|one| one.name == tile.department)?;
        let Some(category) = &tile.category else {
            return Some(Self::whole(department, tile.label.clone()));
        };
        let items = department.count(Some(category));
        (items > 0).then(|| Self {
            label: tile.label.clone(),
            department: tile.department.clone(),
            category: Some(category.clone()),
            items,
            within: Vec::new(),
        })
    }
}

/// The categories that a cashier looks through: as headquarters or the store chose them, else the
/// departments of the catalogue in the order of its file.
#[utoipa::path(
    tag = "items",
    responses((status = 200, description = "In the order of the screen", body = [CategoryView])),
)]
#[get("/categories")]
pub async fn categories(store: web::Data<Store>, _session: Session) -> HttpResponse {
    let (catalogue, policy) = (store.shelf.catalogue(), store.policy.favourites());
    let chosen = policy.categories.iter();
    let mut views: Vec<CategoryView> =
        chosen.filter_map(|tile| CategoryView::chosen(tile, &catalogue)).collect();
    if policy.categories.is_empty() {
        let departments = catalogue.departments().iter();
        views.extend(departments.map(|one| CategoryView::whole(one, one.name.clone())));
    }
    HttpResponse::Ok().json(views)
}

/// Which items of a category.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Wanted {
    /// The department, as the catalogue calls it.
    department: String,
    /// The category within it; all of them where none is said.
    #[param(nullable = false)]
    category: Option<String>,
    /// How many to pass over.
    #[param(nullable = false)]
    from: Option<usize>,
    /// How many at most; there are never more than 60.
    #[param(nullable = false)]
    limit: Option<usize>,
}

#[derive(Debug, Serialize, ToSchema)]
struct CategoryPage {
    /// How many items the category has: none where there is no such category.
    total: usize,
    /// In the order of the catalogue's file.
    items: Vec<ItemView>,
}

/// A page of the items of a category.
#[utoipa::path(
    tag = "items",
    params(Wanted),
    responses((status = 200, description = "The items", body = CategoryPage)),
)]
#[get("/categories/items")]
pub async fn of_category(
    store: web::Data<Store>,
    _session: Session,
    wanted: web::Query<Wanted>,
) -> HttpResponse {
    let (catalogue, today) = (store.shelf.catalogue(), store.day_in_force());
    let Wanted { department, category, from, limit } = wanted.into_inner();
    let category = category.as_deref();
    let limit = limit.unwrap_or(PAGE_MAX).min(PAGE_MAX);
    let found = catalogue.page(&department, category, from.unwrap_or(0), limit);
    let mut departments = catalogue.departments().iter();
    let total = departments.find(|one| *one.name == *department);
    HttpResponse::Ok().json(CategoryPage {
        total: total.map_or(0, |one| one.count(category)),
        items: found.into_iter().map(|item| ItemView::of(item, today)).collect(),
    })
}
